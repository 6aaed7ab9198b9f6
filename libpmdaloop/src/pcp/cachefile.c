/* SPDX-License-Identifier: MIT */
/*
 * Instance caches on disk, so that numbers outlive the agent: a file per instance domain,
 * PCP_VAR_DIR/config/pmda/DOMAIN.SERIAL.
 *
 *   2 REUSE HIGHEST             format, 0 or 1, largest number allowed (not in format 1)
 *   INST STAMP [HEXKEY] NAME    an instance a line; the key only where there is one
 *
 * A name may look like a key, or begin with a blank: then it is its own key, as it is where
 * it has none.
 */
#include "pcp/cache.h"
#include "pcp/cachefile.h"

#include <pcp/libpcp.h>

#include <ctype.h>

enum { FORMAT = 2 };

static bool
file_path(const struct pl_cache *cache, char *buf, size_t size)
{
    char indom[32];
    const char *var = pmGetOptionalConfig("PCP_VAR_DIR");

    if (!var || (size_t)snprintf(buf, size, "%s/config/pmda", var) >= size)
        return false;
    (void)__pmMakePath(buf, 0755); /* where this fails, opening will say so */
    pmInDomStr_r(cache->indom, indom, sizeof(indom));
    return (size_t)snprintf(buf, size, "%s/config/pmda/%s", var, indom) < size;
}

/* A decimal number and the white space after it. -1 when there is none in range. */
static long long
take_number(const char **at, long long max)
{
    long long n = 0;

    if (!isdigit((unsigned char)**at))
        return -1;
    for (; isdigit((unsigned char)**at); ++*at) {
        n = n * 10 + (**at - '0');
        if (n > max)
            return -1;
    }
    while (isspace((unsigned char)**at))
        ++*at;
    return n;
}

static int
hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* "[6b6579] " in place: its bytes are written over its digits. The length; 0 when it is no
 * key, but may be a name. */
static int
take_key(char **at, const char **ret_key)
{
    const char *digits = *at + 1;
    size_t n = **at == '[' ? strspn(digits, "0123456789abcdefABCDEF") : 0;

    if (n == 0 || n % 2 != 0 || n > INT_MAX || digits[n] != ']' || digits[n + 1] != ' ')
        return 0;
    for (size_t i = 0; i < n; i += 2)
        (*at)[i / 2] = (char)(hex_value(digits[i]) << 4 | hex_value(digits[i + 1]));
    *ret_key = *at;
    *at += n + 3;
    return (int)(n / 2);
}

bool
pl_cachefile_head(const char *line, int *ret_reuse, int *ret_max_inst)
{
    long long format = take_number(&line, FORMAT);
    long long reuse = take_number(&line, 1);
    long long max_inst =
        format == 1 ? PL_CACHE_MAX_INST : take_number(&line, PL_CACHE_MAX_INST);

    if (format < 1 || reuse < 0 || max_inst < 0)
        return false;
    *ret_reuse = (int)reuse;
    *ret_max_inst = (int)max_inst;
    return true;
}

bool
pl_cachefile_record(char *line, bool empty_names, struct pl_cachefile_record *ret)
{
    const char *at = line;
    while (isspace((unsigned char)*at))
        at++;
    long long inst = take_number(&at, PL_CACHE_MAX_INST);
    long long stamp = inst < 0 ? -1 : take_number(&at, INT64_MAX / 16);
    char *name = line + (at - line);

    if (stamp < 0)
        return false;
    ret->inst = (int)inst;
    ret->stamp = (time_t)stamp;
    ret->key = NULL;
    ret->keylen = take_key(&name, &ret->key);
    ret->name = name;
    return *name != '\0' || empty_names;
}

static bool
load_record(struct pl_cache *cache, const struct pl_cachefile_record *r)
{
    int err = 0;
    struct pl_entry *e = pl_cache_by_inst(cache, r->inst);

    if (e && strcmp(e->name, r->name) == 0)
        return true; /* stored before the file was asked for */
    if (!e)
        e = pl_cache_by_name(cache, r->name, &err);
    if (e || err < 0 || r->inst > cache->max_inst) {
        pmNotifyErr(LOG_WARNING,
                    "pmdaCacheOp: loading instance %d (\"%s\") of indom %s ignored, "
                    "already in cache or out of range",
                    r->inst, r->name, pmInDomStr(cache->indom));
        return false;
    }
    if ((e = pl_cache_add(cache, r->name, r->inst, &err)) == NULL)
        return false;
    e->stamp = r->stamp;
    return pl_cache_set_key(e, r->key, r->keylen);
}

int
pl_cachefile_read(struct pl_cache *cache, FILE *f, const char *path)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int n = 0, reuse, max_inst;
    bool was_changed = cache->changed;

    if (getline(&line, &room, f) < 0) {
        free(line);
        pmNotifyErr(LOG_ERR, "pmdaCacheOp: %s: empty file?", path);
        return 0;
    }
    if (!pl_cachefile_head(line, &reuse, &max_inst)) {
        pmNotifyErr(LOG_ERR, "pmdaCacheOp: %s: illegal cache header record: %s", path,
                    line);
        free(line);
        return PM_ERR_GENERIC;
    }
    cache->reuse = reuse != 0;
    cache->max_inst = max_inst;
    while ((len = getline(&line, &room, f)) >= 0) {
        struct pl_cachefile_record r;
        if (len > 0 && line[len - 1] == '\n')
            line[len - 1] = '\0';
        if (!pl_cachefile_record(line, cache->strings, &r))
            pmNotifyErr(LOG_ERR, "pmdaCacheOp: %s: illegal record: %.200s", path, line);
        else
            n += load_record(cache, &r);
    }
    free(line);
    cache->changed = was_changed;
    return n;
}

int
pl_cache_load(struct pl_cache *cache)
{
    char path[MAXPATHLEN];

    if (!file_path(cache, path, sizeof(path)))
        return PM_ERR_GENERIC;
    FILE *f = fopen(path, "r");
    if (!f)
        return -errno;
    int n = pl_cachefile_read(cache, f, path);
    fclose(f);
    return n;
}

static void
write_key(FILE *f, const uint8_t *key, size_t len)
{
    fputs(" [", f);
    for (size_t k = 0; k < len; k++)
        fprintf(f, "%02x", key[k]);
    fputc(']', f);
}

static int
write_entries(struct pl_cache *cache, FILE *f)
{
    time_t now = time(NULL);
    int n = 0;

    fprintf(f, "%d %d %d\n", FORMAT, cache->reuse, cache->max_inst);
    for (size_t i = 0; i < cache->n_order; i++) {
        struct pl_entry *e = cache->order[i];
        if (e->stamp == 0)
            e->stamp = now;
        if (strchr(e->name, '\n'))
            continue; /* would be two records */
        fprintf(f, "%d %lld", e->inst, (long long)e->stamp);
        if (e->keylen > 0)
            write_key(f, e->key, (size_t)e->keylen);
        else if (e->name[0] == '[' || isspace((unsigned char)e->name[0]))
            write_key(f, (const uint8_t *)e->name, e->name_len);
        fprintf(f, " %s\n", e->name);
        n++;
    }
    return n;
}

/* Written beside the old file and put in its place, so that one of them is always whole. */
int
pl_cache_save(struct pl_cache *cache)
{
    char path[MAXPATHLEN], fresh[MAXPATHLEN + 8];

    if (!file_path(cache, path, sizeof(path)))
        return PM_ERR_GENERIC;
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    FILE *f = fopen(fresh, "w");
    if (!f)
        return -errno;
    pl_cache_tidy(cache);
    int n = write_entries(cache, f);
    bool bad = ferror(f) != 0;
    if (fclose(f) != 0 || bad || rename(fresh, path) != 0) {
        int err = errno ? -errno : -EIO;
        unlink(fresh);
        return err;
    }
    cache->changed = cache->restamped = false;
    return n;
}
