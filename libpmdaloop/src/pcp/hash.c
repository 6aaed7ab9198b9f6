/* SPDX-License-Identifier: MIT */
/* __pmHash*(): tables by number. Equal keys stay side by side, the last added first. */
#include <pcp/libpcp.h>

#include <stdbool.h>

static unsigned int
bucket(const __pmHashCtl *hash, unsigned int key)
{
    return key % (unsigned int)hash->hsize;
}

void
__pmHashInit(__pmHashCtl *hash)
{
    memset(hash, 0, sizeof(*hash));
}

static bool
resize(__pmHashCtl *hash, int size)
{
    __pmHashNode **table = calloc((size_t)size, sizeof(__pmHashNode *));

    if (!table)
        return false;
    for (int i = 0; i < hash->hsize; i++) {
        /* from the back, so that equal keys keep their order */
        __pmHashNode *reversed = NULL, *node = hash->hash[i];
        while (node) {
            __pmHashNode *next = node->next;
            node->next = reversed;
            reversed = node;
            node = next;
        }
        while (reversed) {
            __pmHashNode *next = reversed->next;
            __pmHashNode **at = &table[reversed->key % (unsigned int)size];
            reversed->next = *at;
            *at = reversed;
            reversed = next;
        }
    }
    free(hash->hash);
    hash->hash = table;
    hash->hsize = size;
    return true;
}

int
__pmHashPreAlloc(int size, __pmHashCtl *hash)
{
    if (size < 1)
        return -EINVAL;
    return size <= hash->hsize || resize(hash, size) ? 0 : -ENOMEM;
}

__pmHashNode *
__pmHashSearch(unsigned int key, __pmHashCtl *hash)
{
    if (hash->hsize == 0)
        return NULL;
    __pmHashNode *node = hash->hash[bucket(hash, key)];
    while (node && node->key != key)
        node = node->next;
    return node;
}

int
__pmHashAdd(unsigned int key, void *data, __pmHashCtl *hash)
{
    __pmHashNode *node = malloc(sizeof(*node));

    if (!node)
        return -ENOMEM;
    if (hash->nodes >= hash->hsize && !resize(hash, hash->hsize * 2 + 1) &&
        hash->hsize == 0) {
        free(node);
        return -ENOMEM;
    }
    unsigned int at = bucket(hash, key);
    node->key = key;
    node->data = data;
    node->next = hash->hash[at];
    hash->hash[at] = node;
    hash->nodes++;
    return 1;
}

int
__pmHashDel(unsigned int key, void *data, __pmHashCtl *hash)
{
    if (hash->hsize == 0)
        return 0;
    __pmHashNode **at = &hash->hash[bucket(hash, key)];
    for (; *at; at = &(*at)->next) {
        __pmHashNode *node = *at;
        if (node->key == key && node->data == data) {
            *at = node->next;
            free(node);
            hash->nodes--;
            return 1;
        }
    }
    return 0;
}

void
__pmHashClear(__pmHashCtl *hash)
{
    for (int i = 0; i < hash->hsize; i++) {
        while (hash->hash[i]) {
            __pmHashNode *next = hash->hash[i]->next;
            free(hash->hash[i]);
            hash->hash[i] = next;
        }
    }
    free(hash->hash);
    __pmHashInit(hash);
}

void
__pmHashFree(__pmHashCtl *hash)
{
    __pmHashClear(hash);
}

/* The walk stands before hash->next, or before bucket hash->index. */
__pmHashNode *
__pmHashWalk(__pmHashCtl *hash, __pmHashWalkState state)
{
    if (state == PM_HASH_WALK_START) {
        hash->index = 0;
        hash->next = hash->hsize > 0 ? hash->hash[0] : NULL;
    }
    while (!hash->next) {
        if (hash->hsize == 0 || ++hash->index >= (unsigned int)hash->hsize)
            return NULL;
        hash->next = hash->hash[hash->index];
    }
    __pmHashNode *node = hash->next;
    hash->next = node->next;
    return node;
}

void
__pmHashWalkCB(__pmHashWalkCallback callback, void *data, const __pmHashCtl *hash)
{
    /* deleting is the one change a callback may ask for */
    __pmHashCtl *table = (__pmHashCtl *)(uintptr_t)hash;

    for (int i = 0; i < table->hsize; i++) {
        __pmHashNode **at = &table->hash[i];
        while (*at) {
            __pmHashNode *node = *at;
            __pmHashWalkState state = callback(node, data);
            if (state == PM_HASH_WALK_DELETE_NEXT ||
                state == PM_HASH_WALK_DELETE_STOP) {
                *at = node->next;
                free(node);
                table->nodes--;
            } else {
                at = &node->next;
            }
            if (state == PM_HASH_WALK_STOP || state == PM_HASH_WALK_DELETE_STOP)
                return;
        }
    }
}
