/* SPDX-License-Identifier: MIT */
#ifndef XM_LIST_H
#define XM_LIST_H

/* Lists through their members. A list is a link that belongs to no member. */
#include <stdbool.h>
#include <stddef.h>

struct xm_link {
    struct xm_link *prev, *next;
};

#define XM_MEMBER(link, type, field)                                                   \
    ((type *)(void *)((char *)(link)-offsetof(type, field)))

static inline void
xm_list_init(struct xm_link *list)
{
    list->prev = list->next = list;
}

static inline bool
xm_list_is_empty(const struct xm_link *list)
{
    return list->next == list;
}

static inline void
xm_list_append(struct xm_link *list, struct xm_link *member)
{
    member->prev = list->prev;
    member->next = list;
    list->prev->next = member;
    list->prev = member;
}

/* Also fine for a link that is in no list, once it was initialized. */
static inline void
xm_list_remove(struct xm_link *member)
{
    member->prev->next = member->next;
    member->next->prev = member->prev;
    xm_list_init(member);
}

#endif
