/* SPDX-License-Identifier: MIT */
/* Strings that fit, and messages kept until they are complete. */
#include <pcp/pmapi.h>

#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdarg.h>

int
pmsprintf(char *buf, size_t size, const char *format, ...)
{
    va_list args;

    if (size == 0)
        return 0;
    va_start(args, format);
    int n = vsnprintf(buf, size, format, args);
    va_end(args);
    if (n < 0) {
        buf[0] = '\0';
        return 0;
    }
    return (size_t)n < size ? n : (int)(size - 1);
}

int
pmstrncpy(char *dst, size_t size, const char *src)
{
    size_t len = strlen(src);

    if (size == 0)
        return -1;
    bool cut = len >= size;
    if (cut)
        len = size - 1;
    memmove(dst, src, len);
    dst[len] = '\0';
    return cut ? -1 : 0;
}

int
pmstrncat(char *dst, size_t size, const char *src)
{
    size_t len = strnlen(dst, size);

    return len == size ? -1 : pmstrncpy(dst + len, size - len, src);
}

ssize_t
pmfstring(FILE *f, char **ret_word)
{
    char *word = NULL;
    size_t len = 0, room = 0;
    int c;

    do {
        c = fgetc(f);
    } while (c != '\n' && isspace(c));
    if (c == EOF)
        return -1;
    /* the white space behind the word is taken, too */
    for (; c != EOF && !isspace(c); c = fgetc(f)) {
        if (len + 1 >= room) {
            room = room ? room * 2 : 32;
            char *more = realloc(word, room);
            if (!more) {
                free(word);
                return -2;
            }
            word = more;
        }
        word[len++] = (char)c;
    }
    if (!word)
        return 0;
    word[len] = '\0';
    *ret_word = word;
    return (ssize_t)len;
}

static FILE *kept;
static char *kept_text;
static size_t kept_len;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

int
pmprintf(const char *format, ...)
{
    va_list args;
    int n = -1;

    pthread_mutex_lock(&kept_lock);
    if (!kept)
        kept = open_memstream(&kept_text, &kept_len);
    if (kept) {
        va_start(args, format);
        n = vfprintf(kept, format, args);
        va_end(args);
    }
    pthread_mutex_unlock(&kept_lock);
    return n < 0 ? -ENOMEM : n;
}

int
pmflush(void)
{
    const char *path = getenv("PCP_STDERR");
    FILE *out = stderr;
    int err = 0;

    pthread_mutex_lock(&kept_lock);
    if (kept && fclose(kept) == 0) {
        /* "DISPLAY" asks for a window; stderr is the next best */
        if (path && *path && strcmp(path, "DISPLAY") != 0)
            out = fopen(path, "a");
        if (!out) {
            fprintf(stderr, "pmflush: cannot open %s for appending: %s\n", path,
                    strerror(errno));
            out = stderr;
        }
        bool bad = fwrite(kept_text, 1, kept_len, out) < kept_len;
        if ((out == stderr ? fflush(stderr) : fclose(out)) != 0 || bad)
            err = -EIO;
        free(kept_text);
    }
    kept = NULL;
    kept_text = NULL;
    pthread_mutex_unlock(&kept_lock);
    return err;
}
