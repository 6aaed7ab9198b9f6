/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over files and folders of inputs, without a fuzzer: so the corpus
 * is a test, and so are the prefixes of its inputs. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static size_t inputs;

/* The first len bytes, in an allocation of their own. */
static void
run_bytes(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        abort();
    memcpy(copy, bytes, len);
    (void)LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static int
run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t len = 0, got;

    if (!f) {
        perror(path);
        return 1;
    }
    do {
        uint8_t *more = realloc(bytes, len + 65536);
        if (!more)
            abort();
        bytes = more;
        got = fread(bytes + len, 1, 65536, f);
        len += got;
    } while (got > 0);
    fclose(f);
    run_bytes(bytes, len);
    size_t step =
        len / 64 + 1; /* some 64 prefixes; all of them where the input is short */
    for (size_t cut = 0; cut < len; cut += step)
        run_bytes(bytes, cut);
    free(bytes);
    inputs++;
    return 0;
}

static int
run_path(const char *path)
{
    struct stat st;
    int failed = 0;

    if (stat(path, &st) != 0) {
        perror(path);
        return 1;
    }
    if (!S_ISDIR(st.st_mode))
        return run_file(path);

    DIR *dir = opendir(path);
    if (!dir) {
        perror(path);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        failed |= run_path(name);
    }
    closedir(dir);
    return failed;
}

int
main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed |= run_path(argv[i]);
    printf("%zu inputs\n", inputs);
    return failed || inputs == 0;
}
