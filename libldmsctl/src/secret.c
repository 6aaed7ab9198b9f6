/* SPDX-License-Identifier: MIT */
/* Where the secret word is, and whether its file may be trusted. */
#include "secret.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

enum { LINE_BYTES = 528, PATH_BYTES = 4096 }; /* longer lines come in pieces */

static int
fail(int err, char *why, size_t size, const char *path, const char *words)
{
    snprintf(why, size, "%.200s: %s", path, words);
    return err;
}

/* The word after "secretword=": 0, -ENOENT where the line is another one, -EINVAL. */
static int
take_word(const char *line, char *ret_secret)
{
    static const char key[] = "secretword=";
    size_t len;

    if (strncmp(line, key, sizeof(key) - 1) != 0)
        return -ENOENT;
    line += sizeof(key) - 1;
    len = strcspn(line, "# \t\n");
    if (len < LC_SECRET_MIN || len > LC_SECRET_MAX)
        return -EINVAL;
    memcpy(ret_secret, line, len);
    ret_secret[len] = '\0';
    return 0;
}

static int
read_file(const char *path, char *ret_secret, char *why, size_t size)
{
    char line[LINE_BYTES], buffer[4096]; /* ours, so that they can be cleaned */
    struct stat st;
    int err = -ENOENT;

    if (path[0] != '/')
        return fail(-EINVAL, why, size, path, "the path is not absolute");
    FILE *f = fopen(path, "re");
    if (!f)
        return fail(-errno, why, size, path, strerror(errno));
    (void)setvbuf(f, buffer, _IOFBF, sizeof(buffer));
    if (fstat(fileno(f), &st) != 0) {
        err = fail(-errno, why, size, path, strerror(errno));
    } else if (st.st_mode & 077) {
        err =
            fail(-EINVAL, why, size, path, "others may read it: its mode must be 600");
    } else {
        while (err == -ENOENT && fgets(line, sizeof(line), f))
            err = take_word(line, ret_secret);
        if (err == -ENOENT)
            (void)fail(err, why, size, path, "has no line secretword=");
        if (err == -EINVAL)
            (void)fail(err, why, size, path,
                       "the secret word must have 8 to 512 bytes");
    }
    fclose(f);
    OPENSSL_cleanse(line, sizeof(line)); /* unlike memset() it is never left out */
    OPENSSL_cleanse(buffer, sizeof(buffer));
    return err;
}

static void
home_file(char *ret_path, size_t size)
{
    char buf[4096];
    struct passwd entry, *found = NULL;

    ret_path[0] = '\0';
    if (getpwuid_r(getuid(), &entry, buf, sizeof(buf), &found) == 0 && found)
        snprintf(ret_path, size, "%s/.ldmsauth.conf", found->pw_dir);
}

int
lc_secret_read(const char *path, char ret_secret[LC_SECRET_MAX + 1], char *ret_why,
               size_t why_size)
{
    char home[PATH_BYTES];
    const char *places[] = {home, LDMSCTL_SYSCONFDIR "/ldmsauth.conf",
                            "/etc/ldmsd/ldmsauth.conf", "/etc/ldmsauth.conf"};

    if (!path)
        path = getenv("LDMS_AUTH_FILE");
    if (path)
        return read_file(path, ret_secret, ret_why, why_size);
    home_file(home, sizeof(home));
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (places[i][0] && access(places[i], F_OK) == 0)
            return read_file(places[i], ret_secret, ret_why, why_size);
    snprintf(ret_why, why_size, "no secret: neither ~/.ldmsauth.conf nor %s is there",
             "/etc/ldmsauth.conf");
    return -ENOENT;
}
