/* SPDX-License-Identifier: MIT */
/* Who sent a packet, through the library and back. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

/* A table twice as large as it may become full; both are powers of two. */
enum { MOST = 65536, SLOTS = 2 * MOST };
enum { TAG_UNKNOWN = 0, TAG_ADDRESS = 1, TAG_NAMES = 2 };

struct names {
    uint32_t count;
    struct {
        char *text;
        size_t len;
    } list[MOST];
    uint32_t slots[SLOTS]; /* places in the list, from 1 */
};

struct names *
names_new(void)
{
    return calloc(1, sizeof(struct names));
}

void
names_free(struct names *names)
{
    for (uint32_t i = 0; names && i < names->count; i++)
        free(names->list[i].text);
    free(names);
}

static uint64_t
hash_of(const char *text, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 32;
}

/* The name's place in the list, from 1; 0 where there is no room. */
static uint32_t
place_of(struct names *names, const char *text, size_t len)
{
    uint64_t slot = hash_of(text, len) % SLOTS;

    for (; names->slots[slot]; slot = (slot + 1) % SLOTS) {
        uint32_t i = names->slots[slot] - 1;
        if (names->list[i].len == len && memcmp(names->list[i].text, text, len) == 0)
            return i + 1;
    }
    char *copy = names->count < MOST ? malloc(len + 1) : NULL;
    if (!copy)
        return 0;
    memcpy(copy, text, len);
    names->list[names->count].text = copy;
    names->list[names->count].len = len;
    names->slots[slot] = ++names->count;
    return names->count;
}

struct xrdmon_source
names_take(struct names *names, const struct datagram *datagram)
{
    const struct origin *origin = &datagram->origin;
    struct xrdmon_source source = {.port = origin->port};
    uint32_t place = TAG_UNKNOWN;

    if (origin->has_address) {
        memcpy(source.address, origin->address, sizeof(source.address));
        place = TAG_ADDRESS;
    } else if (origin->text) {
        (void)xrdmon_source_parse(origin->text, origin->text_len, &source);
        place = place_of(names, origin->text, origin->text_len);
        place = place ? TAG_NAMES + place - 1 : TAG_UNKNOWN;
    }
    source.tag = (uint64_t)place << 1 | datagram->has_time;
    return source;
}

bool
names_has_time(const struct xrdmon_source *source)
{
    return source->tag & 1;
}

struct origin
names_give(const struct names *names, const struct xrdmon_source *source)
{
    struct origin origin = {.port = source->port};
    uint64_t place = source->tag >> 1;

    if (place == TAG_ADDRESS) {
        origin.has_address = true;
        memcpy(origin.address, source->address, sizeof(origin.address));
    } else if (place >= TAG_NAMES) {
        origin.text = names->list[place - TAG_NAMES].text;
        origin.text_len = names->list[place - TAG_NAMES].len;
    }
    return origin;
}
