/* SPDX-License-Identifier: MIT */
/* Labels: sets put together from JSON, and the stock method that hands them out. */
#include "pcp/agent.h"
#include "pcp/labelset.h"

/* The items as a set's text and index; made is used up. */
static int
store(struct pl_labels_made *made, pmLabelSet *set)
{
    pmLabel *labels = NULL;

    if (made->n > 0 && (labels = calloc((size_t)made->n, sizeof(*labels))) == NULL) {
        pl_labelset_free(made);
        return -ENOMEM;
    }
    for (int i = 0; i < made->n; i++) {
        const struct pl_labelitem *item = &made->items[i];
        labels[i].name = (unsigned int)item->name & 0xffff;
        labels[i].namelen = (unsigned int)item->name_len & 0xff;
        labels[i].value = (unsigned int)item->value & 0xffff;
        labels[i].valuelen = (unsigned int)item->value_len & 0xffff;
        labels[i].flags = item->flags & 0xff;
    }
    free(set->json);
    free(set->labels);
    set->json = made->n > 0 ? made->json : NULL;
    set->jsonlen = made->n > 0 ? made->len & PM_MAXLABELJSONLEN : 0;
    set->labels = labels;
    set->nlabels = made->n;
    set->compound = made->nested;
    if (made->n > 0)
        made->json = NULL;
    pl_labelset_free(made);
    return set->nlabels;
}

/* An item at the end of a flat text, {"path":value,...}, whose '}' is still to come. */
static int
append(struct pl_labels_made *to, const struct pl_labelitem *item, const char *value)
{
    size_t path_len = strlen(item->path);

    if (to->n == PM_MAXLABELS - 1 ||
        to->len + path_len + item->value_len + 5 > PM_MAXLABELJSONLEN - 1)
        return -E2BIG;
    to->json[to->len++] = to->n ? ',' : '{';
    to->json[to->len++] = '"';
    struct pl_labelitem *copy = &to->items[to->n++];
    *copy = *item;
    copy->name = to->len;
    copy->name_len = path_len;
    memcpy(to->json + to->len, item->path, path_len);
    to->len += path_len;
    to->json[to->len++] = '"';
    to->json[to->len++] = ':';
    copy->value = to->len;
    memcpy(to->json + to->len, value, item->value_len);
    to->len += item->value_len;
    return 0;
}

/* Both lists are sorted by path; where both have one, the fresh one stays. */
static int
merge(const struct pl_labels_made *old, const struct pl_labels_made *fresh,
      struct pl_labels_made *to)
{
    int i = 0, k = 0, err = 0;

    *to = (struct pl_labels_made){.json = malloc(PM_MAXLABELJSONLEN)};
    to->items = malloc(PM_MAXLABELS * sizeof(*to->items));
    if (!to->json || !to->items) {
        pl_labelset_free(to);
        return -ENOMEM;
    }
    while (err == 0 && (i < old->n || k < fresh->n)) {
        int order = i == old->n     ? 1
                    : k == fresh->n ? -1
                                    : strcmp(old->items[i].path, fresh->items[k].path);
        if (order < 0) {
            err = append(to, &old->items[i], old->json + old->items[i].value);
            i++;
        } else {
            err = append(to, &fresh->items[k], fresh->json + fresh->items[k].value);
            k++;
            i += order == 0;
        }
    }
    if (err < 0)
        pl_labelset_free(to);
    else if (to->n > 0)
        to->json[to->len++] = '}';
    return err;
}

/* What a set has, with each label's own flags. */
static int
reopen(const pmLabelSet *set, struct pl_labels_made *old)
{
    int err = pl_labelset_parse(set->json ? set->json : "", set->jsonlen, 0, true, old);

    for (int i = 0; err == 0 && i < old->n; i++)
        for (int k = 0; k < set->nlabels; k++)
            if (set->labels[k].name == old->items[i].name)
                old->items[i].flags = set->labels[k].flags;
    return err;
}

int
__pmAddLabels(pmLabelSet **set, const char *json, int flags)
{
    struct pl_labels_made fresh, old, both;
    int err = pl_labelset_parse(json, strlen(json), (unsigned int)flags, false, &fresh);

    if (err < 0)
        return err;
    if (!*set) {
        if ((*set = calloc(1, sizeof(**set))) == NULL) {
            pl_labelset_free(&fresh);
            return -ENOMEM;
        }
        (*set)->inst = PM_IN_NULL;
        return store(&fresh,
                     *set); /* in the order of the text; what is merged is sorted */
    }
    if ((err = reopen(*set, &old)) == 0) {
        err = merge(&old, &fresh, &both);
        pl_labelset_free(&old);
    }
    pl_labelset_free(&fresh);
    return err < 0 ? err : store(&both, *set);
}

static int add_formatted(const char *caller, pmLabelSet **sets, int flags,
                         const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

static int
add_formatted(const char *caller, pmLabelSet **sets, int flags, const char *format,
              va_list args)
{
    va_list again;

    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *json = len >= 0 ? malloc((size_t)len + 1) : NULL;
    int n = -ENOMEM;
    if (json) {
        vsnprintf(json, (size_t)len + 1, format, again);
        n = len < PM_MAXLABELJSONLEN ? __pmAddLabels(sets, json, flags) : -E2BIG;
        if (n < 0)
            pmNotifyErr(LOG_ERR, "%s: %.200s (%s)", caller, json, pmErrStr(n));
    }
    va_end(again);
    free(json);
    return n;
}

int
pmdaAddLabels(pmLabelSet **sets, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = add_formatted("pmdaAddLabels", sets, 0, format, args);
    va_end(args);
    return n;
}

int
pmdaAddNotes(pmLabelSet **sets, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = add_formatted("pmdaAddNotes", sets, PM_LABEL_OPTIONAL, format, args);
    va_end(args);
    return n;
}

int
pmdaAddLabelFlags(pmLabelSet *sets, int flags)
{
    if (!sets)
        return 0;
    for (int i = 0; i < sets->nlabels; i++)
        sets->labels[i].flags |= (unsigned int)flags & 0xff;
    return 1;
}

/* A file is an object of labels. Its text does not lie on the stack, which may be that of
 * a thread. */
static void
add_file(pmLabelSet **set, const char *path, int flags)
{
    struct stat st;
    FILE *f = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "r") : NULL;
    char *json = f ? malloc(PM_MAXLABELJSONLEN) : NULL;

    if (json) {
        size_t len = fread(json, 1, PM_MAXLABELJSONLEN - 1, f);
        json[len] = '\0';
        int err = __pmAddLabels(set, json, flags);
        if (err < 0)
            pmNotifyErr(LOG_WARNING, "labels in %s are not used: %s", path,
                        pmErrStr(err));
    }
    free(json);
    if (f)
        fclose(f);
}

static void
add_folder(pmLabelSet **set, const char *path, int flags)
{
    struct dirent **entries = NULL;
    char name[MAXPATHLEN * 2];
    int n = scandir(path, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            add_file(set, name, flags);
        free(entries[i]);
    }
    free(entries);
}

int
__pmGetContextLabels(pmLabelSet **ret_set)
{
    char path[MAXPATHLEN];
    const char *sysconf_dir = pmGetOptionalConfig("PCP_SYSCONF_DIR");

    if (!sysconf_dir)
        return 0;
    snprintf(path, sizeof(path), "%s/labels", sysconf_dir);
    add_folder(ret_set, path, PM_LABEL_CONTEXT);
    pmstrncat(path, sizeof(path), "/optional");
    add_folder(ret_set, path, PM_LABEL_CONTEXT | PM_LABEL_OPTIONAL);
    return *ret_set != NULL;
}

int
__pmGetDomainLabels(int domain, const char *name, pmLabelSet **ret_set)
{
    char json[300];
    size_t len;

    (void)domain;
    if (strncmp(name, "pmda", 4) == 0 && name[4] != '\0')
        name += 4;
    len = strlen(name);
    if (len > 4 && strcmp(name + len - 4, " DSO") == 0)
        len -= 4;
    snprintf(json, sizeof(json), "{\"agent\":\"%.*s\"}", (int)(len < 255 ? len : 255),
             name);
    int n = __pmAddLabels(ret_set, json, PM_LABEL_DOMAIN);
    return n < 0 ? n : 1;
}

/* The callback's word counts, as long as there are labels for it. */
static void
count_labels(pmLabelSet *set, int told)
{
    if (!set->labels)
        set->nlabels = 0;
    else if (set->nlabels == 0 || told < set->nlabels)
        set->nlabels = told;
}

/* A set for each instance that the client wants. */
static int
instance_labels(pmInDom indom, pmLabelSet **ret_sets, pmdaExt *ext)
{
    struct pl_walk walk;
    size_t room = pl_walk_begin(&walk, indom, ext), n = 0;
    int inst;

    if (room == 0)
        return 0;
    pmLabelSet *sets = calloc(room, sizeof(*sets));
    if (!sets)
        return -ENOMEM;
    while (n < room && pl_walk_next(&walk, &inst)) {
        pmLabelSet *set = &sets[n++];
        set->inst = (unsigned int)inst;
        if (!ext->e_labelCallBack)
            continue;
        int labels = ext->e_labelCallBack(indom, (unsigned int)inst, &set);
        if (labels < 0) {
            pmNotifyErr(LOG_DEBUG, "pmdaLabel: InDom %s[%d]: %s", pmInDomStr(indom),
                        inst, pmErrStr(labels));
            set->nlabels = labels;
        } else {
            count_labels(set, labels);
            pmdaAddLabelFlags(set, PM_LABEL_INSTANCES);
        }
    }
    if (n == 0) {
        free(sets);
        return 0;
    }
    *ret_sets = sets;
    return (int)n;
}

int
pmdaLabel(int ident, int kind, pmLabelSet **ret_sets, pmdaExt *ext)
{
    pl_tell_context(ext);
    kind &= ~(PM_LABEL_COMPOUND | PM_LABEL_OPTIONAL);
    switch (kind) {
    case PM_LABEL_CONTEXT:
        if (*ret_sets)
            break;
        return __pmGetContextLabels(ret_sets);
    case PM_LABEL_DOMAIN:
        if (*ret_sets)
            break;
        return __pmGetDomainLabels(ext->e_domain, ext->e_name, ret_sets);
    case PM_LABEL_INDOM:
    case PM_LABEL_CLUSTER:
    case PM_LABEL_ITEM:
        break;
    case PM_LABEL_INSTANCES:
        return instance_labels((pmInDom)ident, ret_sets, ext);
    default:
        return PM_ERR_TYPE;
    }
    return pmdaAddLabelFlags(*ret_sets, kind);
}
