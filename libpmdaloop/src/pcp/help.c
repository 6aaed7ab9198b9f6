/* SPDX-License-Identifier: MIT */
/*
 * Help text as newhelp(1) makes it: PATH.dir, the index, and PATH.pag, the texts, each
 * ended by a NUL. Both are read whole and checked when they are opened.
 *
 * The index is records of three words in the machine's order. The first is
 *   0  0x50635068      4  '1' '2' in the upper half      8  number of entries
 * and the entries are
 *   0  pmID, or instance domain with bit 31 set
 *   4  where its one line starts in PATH.pag             8  where its full text does
 */
#include "pcp/help.h"

#include <pthread.h>

enum { RECORD_BYTES = 12 };
static const uint32_t magic = 0x50635068, version = 0x31320000;
static const uint32_t indom_bit = UINT32_C(1) << 31;

enum { MAX_HANDLES = 256 };
static struct pl_help *handles[MAX_HANDLES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint32_t
word_at(const struct pl_help *h, size_t record, size_t word)
{
    uint32_t w;

    memcpy(&w, h->dir + record * RECORD_BYTES + word * sizeof(w), sizeof(w));
    return w;
}

static uint32_t
key_of(const struct pl_help *h, size_t entry)
{
    return word_at(h, entry + 1, 0);
}

int
pl_help_check(struct pl_help *h)
{
    if (h->dir_bytes < RECORD_BYTES || word_at(h, 0, 0) != magic ||
        (word_at(h, 0, 1) & 0xffff0000) != version)
        return -EINVAL;
    h->n = word_at(h, 0, 2);
    if (h->n > h->dir_bytes / RECORD_BYTES - 1)
        return -EINVAL;
    if (h->n > 0 && (h->pag_bytes == 0 || h->pag[h->pag_bytes - 1] != '\0'))
        return -EINVAL; /* so that every text ends within the file */
    h->sorted = true;
    for (size_t i = 0; i < h->n; i++) {
        if (word_at(h, i + 1, 1) >= h->pag_bytes ||
            word_at(h, i + 1, 2) >= h->pag_bytes)
            return -EINVAL;
        if (i > 0 && key_of(h, i - 1) >= key_of(h, i))
            h->sorted = false;
    }
    return 0;
}

const char *
pl_help_find(const struct pl_help *h, uint32_t ident, bool is_indom, bool full)
{
    uint32_t key = is_indom ? ident | indom_bit : ident;
    size_t low = 0, high = h->n;

    if (!h->sorted) {
        while (low < h->n && key_of(h, low) != key)
            low++;
    } else {
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            if (key_of(h, mid) < key)
                low = mid + 1;
            else
                high = mid;
        }
    }
    if (low == h->n || key_of(h, low) != key)
        return NULL;
    return h->pag + word_at(h, low + 1, full ? 2 : 1);
}

/* A whole file, malloc'd. 0 or -errno. */
static int
read_whole(const char *path, const char *suffix, char **ret_bytes, size_t *ret_len)
{
    char name[MAXPATHLEN];
    struct stat st;

    if ((size_t)snprintf(name, sizeof(name), "%s%s", path, suffix) >= sizeof(name))
        return -ENAMETOOLONG;
    FILE *f = fopen(name, "rb");
    if (!f)
        return -errno;
    if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode)) {
        fclose(f);
        return -EINVAL;
    }
    size_t len = (size_t)st.st_size;
    char *bytes = malloc(len ? len : 1);
    if (!bytes || fread(bytes, 1, len, f) != len) {
        int err = bytes ? -EIO : -ENOMEM;
        free(bytes);
        fclose(f);
        return err;
    }
    fclose(f);
    *ret_bytes = bytes;
    *ret_len = len;
    return 0;
}

static void
free_help(struct pl_help *h)
{
    if (!h)
        return;
    free(h->dir);
    free(h->pag);
    free(h);
}

int
pmdaOpenHelp(const char *path)
{
    struct pl_help *h = calloc(1, sizeof(*h));
    int err;

    if (!h)
        return -ENOMEM;
    if ((err = read_whole(path, ".dir", &h->dir, &h->dir_bytes)) < 0 ||
        (err = read_whole(path, ".pag", &h->pag, &h->pag_bytes)) < 0 ||
        (err = pl_help_check(h)) < 0) {
        free_help(h);
        return err;
    }
    pthread_mutex_lock(&lock);
    int handle = 0;
    while (handle < MAX_HANDLES && handles[handle])
        handle++;
    if (handle < MAX_HANDLES)
        handles[handle] = h;
    pthread_mutex_unlock(&lock);
    if (handle == MAX_HANDLES) {
        free_help(h);
        return -EMFILE;
    }
    return handle;
}

static struct pl_help *
help_of(int handle)
{
    return handle >= 0 && handle < MAX_HANDLES ? handles[handle] : NULL;
}

void
pmdaCloseHelp(int handle)
{
    struct pl_help *h = help_of(handle);

    if (!h)
        return;
    pthread_mutex_lock(&lock);
    handles[handle] = NULL;
    pthread_mutex_unlock(&lock);
    free_help(h);
}

char *
pmdaGetHelp(int handle, pmID pmid, int kind)
{
    const struct pl_help *h = help_of(handle);
    const char *text =
        h ? pl_help_find(h, pmid, false, !(kind & PM_TEXT_ONELINE)) : NULL;

    return (char *)(uintptr_t)text;
}

char *
pmdaGetInDomHelp(int handle, pmInDom indom, int kind)
{
    const struct pl_help *h = help_of(handle);
    const char *text =
        h ? pl_help_find(h, indom, true, !(kind & PM_TEXT_ONELINE)) : NULL;

    return (char *)(uintptr_t)text;
}
