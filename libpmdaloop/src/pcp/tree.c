/* SPDX-License-Identifier: MIT */
/*
 * pmdaTree*(): names of metrics as a tree of their components, with a hash by pmID, and one
 * by name, since a node may have many thousands of children. Nothing here recurses: a name
 * may have as many components as it likes.
 */
#include "pcp/agent.h"
#include "pcp/hash.h"

/* What PCP's programs see of a tree and its nodes comes first. */
struct node {
    __pmnsNode seen;
    uint32_t hash; /* of its parent and its name */
    struct node *next;
};

struct tree {
    __pmnsTree seen;
    struct node **by_name; /* all but the root */
    size_t n, size;        /* a power of two */
};

static struct node *
new_node(const char *name, size_t len)
{
    struct node *node = calloc(1, sizeof(*node));

    if (!node)
        return NULL;
    node->seen.pmid = PM_ID_NULL;
    if ((node->seen.name = strndup(name, len)) == NULL) {
        free(node);
        return NULL;
    }
    return node;
}

int
pmdaTreeCreate(pmdaNameSpace **ret_tree)
{
    struct tree *tree = calloc(1, sizeof(*tree));
    struct node *root = tree ? new_node("root", 4) : NULL;

    if (!root) {
        free(tree);
        return -ENOMEM;
    }
    tree->seen.root = &root->seen;
    *ret_tree = &tree->seen;
    return 0;
}

/* The next node in a walk over all below root, parents before their children. */
static __pmnsNode *
next_node(const __pmnsNode *node, const __pmnsNode *root)
{
    if (node->first)
        return node->first;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

void
pmdaTreeRelease(pmdaNameSpace *tree)
{
    if (!tree)
        return;
    /* leaves first: whoever has no child left goes, and then its parent is looked at */
    __pmnsNode *node = tree->root;
    while (node) {
        if (node->first) {
            node = node->first;
            continue;
        }
        __pmnsNode *parent = node->parent, *next = node->next;
        free(node->name);
        free(node);
        if (parent)
            parent->first = next;
        node = next ? next : parent;
    }
    free(tree->htab);
    free(((struct tree *)tree)->by_name);
    free(tree);
}

static uint32_t
hash_name(const __pmnsNode *parent, const char *name, size_t len)
{
    return pl_hash(name, len, (uint32_t)((uintptr_t)parent >> 4));
}

static __pmnsNode *
child_of(const pmdaNameSpace *tree, const __pmnsNode *parent, const char *name,
         size_t len)
{
    const struct tree *whole = (const struct tree *)tree;
    uint32_t hash = hash_name(parent, name, len);
    struct node *node = whole->size ? whole->by_name[hash & (whole->size - 1)] : NULL;

    for (; node; node = node->next)
        if (node->hash == hash && node->seen.parent == parent &&
            strncmp(node->seen.name, name, len) == 0 && node->seen.name[len] == '\0')
            return &node->seen;
    return NULL;
}

/* Room for one more to be found by its name. */
static bool
grow(struct tree *tree)
{
    if (tree->n < tree->size)
        return true;
    size_t size = tree->size ? tree->size * 2 : 64;
    struct node **by_name = calloc(size, sizeof(struct node *));
    if (!by_name)
        return false;
    for (size_t i = 0; i < tree->size; i++) {
        while (tree->by_name[i]) {
            struct node *node = tree->by_name[i];
            tree->by_name[i] = node->next;
            node->next = by_name[node->hash & (size - 1)];
            by_name[node->hash & (size - 1)] = node;
        }
    }
    free(tree->by_name);
    tree->by_name = by_name;
    tree->size = size;
    return true;
}

/* A new child, or NULL without memory. */
static __pmnsNode *
add_child(pmdaNameSpace *tree, __pmnsNode *parent, const char *name, size_t len)
{
    struct tree *whole = (struct tree *)tree;
    struct node *node = grow(whole) ? new_node(name, len) : NULL;

    if (!node)
        return NULL;
    node->hash = hash_name(parent, name, len);
    node->next = whole->by_name[node->hash & (whole->size - 1)];
    whole->by_name[node->hash & (whole->size - 1)] = node;
    whole->n++;
    node->seen.parent = parent;
    node->seen.next = parent->first;
    parent->first = &node->seen;
    return &node->seen;
}

/* The node of a dotted name, or NULL. */
static __pmnsNode *
find_name(const pmdaNameSpace *tree, const char *name)
{
    __pmnsNode *node = tree->root;

    while (*name && node) {
        size_t len = strcspn(name, ".");
        node = child_of(tree, node, name, len);
        name += len;
        if (*name == '.' && *++name == '\0')
            return NULL;
    }
    return node;
}

int
pmdaTreeInsert(pmdaNameSpace *tree, pmID pmid, const char *name)
{
    __pmnsNode *node = tree->root;
    bool is_new = false;

    while (*name) {
        size_t len = strcspn(name, ".");
        if (len == 0 || (name[len] == '.' && name[len + 1] == '\0'))
            return PM_ERR_NAME;
        __pmnsNode *child = child_of(tree, node, name, len);
        is_new = !child;
        if (is_new && (child = add_child(tree, node, name, len)) == NULL)
            return -ENOMEM;
        node = child;
        name += len;
        name += *name == '.';
    }
    if (!is_new && node->pmid != pmid)
        return PM_ERR_PMID;
    node->pmid = pmid;
    if (tree->htab) {
        /* out of date until it is rebuilt */
        free(tree->htab);
        tree->htab = NULL;
        tree->htabsize = 0;
    }
    return 0;
}

static unsigned int
bucket(const pmdaNameSpace *tree, pmID pmid)
{
    return (pmid * 2654435769u >> 7) % (unsigned int)tree->htabsize;
}

int
pmdaTreeSize(pmdaNameSpace *tree)
{
    int n = 0;

    for (__pmnsNode *node = tree ? tree->root : NULL; node;
         node = next_node(node, tree->root))
        n += node->pmid != PM_ID_NULL;
    return n;
}

/* The tree knows by itself how many there are. */
void
pmdaTreeRebuildHash(pmdaNameSpace *tree, int unused)
{
    int size = pmdaTreeSize(tree) + 1;
    __pmnsNode **table = calloc((size_t)size, sizeof(__pmnsNode *));

    (void)unused;
    free(tree->htab);
    tree->htab = table;
    tree->htabsize = table ? size : 0;
    if (!table)
        return;
    for (__pmnsNode *node = tree->root; node; node = next_node(node, tree->root)) {
        if (node->pmid == PM_ID_NULL)
            continue;
        unsigned int at = bucket(tree, node->pmid);
        node->hash = table[at];
        table[at] = node;
    }
}

int
pmdaTreePMID(pmdaNameSpace *tree, const char *name, pmID *ret_pmid)
{
    const __pmnsNode *node = tree ? find_name(tree, name) : NULL;

    if (!node || node->pmid == PM_ID_NULL)
        return PM_ERR_NAME;
    *ret_pmid = node->pmid;
    return 0;
}

/* Bytes of a node's name, as seen from below root, without the NUL. */
static size_t
name_len(const __pmnsNode *node, const __pmnsNode *root)
{
    size_t len = 0;

    for (; node && node != root && node->parent; node = node->parent)
        len += strlen(node->name) + 1;
    return len ? len - 1 : 0;
}

static void
write_name(const __pmnsNode *node, const __pmnsNode *root, char *to, size_t len)
{
    to[len] = '\0';
    for (; node && node != root && node->parent; node = node->parent) {
        size_t n = strlen(node->name);
        len -= n;
        memcpy(to + len, node->name, n);
        if (len > 0)
            to[--len] = '.';
    }
}

/* Names in one block: n pointers, then the strings. */
struct list {
    char **names;
    char *at;
    int n;
};

static bool
open_list(struct list *l, size_t n, size_t bytes)
{
    l->names = malloc(n * sizeof(char *) + bytes + 1);
    l->at = l->names ? (char *)(l->names + n) : NULL;
    l->n = 0;
    return l->names != NULL;
}

static void
add_name(struct list *l, const __pmnsNode *node, const __pmnsNode *root, size_t len)
{
    write_name(node, root, l->at, len);
    l->names[l->n++] = l->at;
    l->at += len + 1;
}

int
pmdaTreeName(pmdaNameSpace *tree, pmID pmid, char ***ret_names)
{
    struct list l;
    size_t n = 0, bytes = 0;

    if (!tree)
        return PM_ERR_PMID; /* a look-up for a tree found none */
    if (!tree->htab)
        pmdaTreeRebuildHash(tree, 0);
    if (!tree->htab)
        return -ENOMEM;
    const __pmnsNode *first = tree->htab[bucket(tree, pmid)];
    for (const __pmnsNode *node = first; node; node = node->hash) {
        if (node->pmid == pmid) {
            n++;
            bytes += name_len(node, NULL) + 1;
        }
    }
    if (n == 0)
        return PM_ERR_PMID;
    if (!open_list(&l, n, bytes))
        return -ENOMEM;
    for (const __pmnsNode *node = first; node; node = node->hash)
        if (node->pmid == pmid)
            add_name(&l, node, NULL, name_len(node, NULL));
    *ret_names = l.names;
    return l.n;
}

static int
all_leaves(__pmnsNode *top, char ***ret_names, int **ret_status)
{
    struct list l;
    size_t n = 0, bytes = 0;
    int *status = NULL;

    for (__pmnsNode *node = top; node; node = next_node(node, top)) {
        if (node->pmid != PM_ID_NULL) {
            n++;
            bytes += name_len(node, NULL) + 1;
        }
    }
    if (n == 0)
        return 0;
    if (!open_list(&l, n, bytes))
        return -ENOMEM;
    if (ret_status && (status = calloc(n, sizeof(int))) == NULL) {
        free(l.names);
        return -ENOMEM;
    }
    for (__pmnsNode *node = top; node; node = next_node(node, top))
        if (node->pmid != PM_ID_NULL)
            add_name(&l, node, NULL, name_len(node, NULL));
    *ret_names = l.names;
    if (ret_status)
        *ret_status = status;
    return l.n;
}

int
pmdaTreeChildren(pmdaNameSpace *tree, const char *name, int traverse, char ***ret_names,
                 int **ret_status)
{
    struct list l;
    size_t n = 0, bytes = 0;
    int *status = NULL;
    __pmnsNode *top = tree ? find_name(tree, name) : NULL;

    if (!top)
        return PM_ERR_NAME;
    if (traverse)
        return all_leaves(top, ret_names, ret_status);
    for (__pmnsNode *node = top->first; node; node = node->next) {
        n++;
        bytes += strlen(node->name) + 1;
    }
    if (n == 0)
        return 0;
    if (!open_list(&l, n, bytes))
        return -ENOMEM;
    if (ret_status && (status = calloc(n, sizeof(int))) == NULL) {
        free(l.names);
        return -ENOMEM;
    }
    for (__pmnsNode *node = top->first; node; node = node->next) {
        if (status)
            status[l.n] =
                node->pmid == PM_ID_NULL ? PMNS_NONLEAF_STATUS : PMNS_LEAF_STATUS;
        add_name(&l, node, top, strlen(node->name));
    }
    *ret_names = l.names;
    if (ret_status)
        *ret_status = status;
    return l.n;
}

void
__pmDumpNameNode(FILE *f, const __pmnsNode *node, int verbose)
{
    fprintf(f, "\"%s\" pmid %s%s\n", node->name, pmIDStr(node->pmid),
            node->first ? " (has children)" : "");
    if (verbose)
        for (const __pmnsNode *child = node->first; child; child = child->next)
            fprintf(f, "    \"%s\" pmid %s\n", child->name, pmIDStr(child->pmid));
}
