/* SPDX-License-Identifier: MIT */
/* What the pairs of a map message say, code by code. */
#include "xm.h"

/* The values are not escaped: only a key that the server writes begins a new pair. */
static const char *
known_keys(char code)
{
    switch (code) {
    case '=':
        return "site= port= inst= pgm= ver=";
    case 'u':
        return "p= n= h= o= r= g= m= R= x= y= I=";
    case 'T':
        return "Uc= s= n= o= r= g=";
    case 'U':
        return "Uc= Ec= Ac=";
    case 'x':
        return "tod= sz= qt= tm= op= rc= pd=";
    case 'p':
        return "tod= sz= at= ct= mt= fn=";
    default:
        return NULL;
    }
}

struct xrdmon_pairs
xrdmon_map_pairs(const struct xrdmon_map *map)
{
    struct xrdmon_text info =
        map->code == 'd' || map->code == 'i' ? xm_text(NULL, 0) : map->info;
    return xrdmon_pairs_over(info, known_keys(map->code));
}

struct field {
    const char *key;
    struct xrdmon_text *value;
};

/* Store the first value of each key; what does not occur stays absent. */
static void
take_fields(const struct xrdmon_map *map, const struct field *fields, size_t n)
{
    struct xrdmon_pairs pairs = xrdmon_map_pairs(map);
    struct xrdmon_text key, value;

    while (xrdmon_pairs_next(&pairs, &key, &value))
        for (size_t i = 0; key.at && i < n; i++)
            if (strlen(fields[i].key) == key.len &&
                memcmp(fields[i].key, key.at, key.len) == 0 && !fields[i].value->at)
                *fields[i].value = value;
}

#define TAKE(map, ...)                                                                 \
    do {                                                                               \
        const struct field fields_[] = {__VA_ARGS__};                                  \
        take_fields(map, fields_, sizeof(fields_) / sizeof(fields_[0]));               \
    } while (0)

void
xrdmon_server_info(const struct xrdmon_map *map, struct xrdmon_server_info *ret_info)
{
    struct xrdmon_server_info i = {.port = 0};
    uint64_t port;

    TAKE(map, {"site", &i.site}, {"port", &i.port_text}, {"inst", &i.inst},
         {"pgm", &i.pgm}, {"ver", &i.ver});
    if (xm_text_u64(i.port_text, UINT16_MAX, &port))
        i.port = (uint16_t)port;
    *ret_info = i;
}

void
xrdmon_auth_info(const struct xrdmon_map *map, struct xrdmon_auth_info *ret_info)
{
    struct xrdmon_auth_info i = {.protocol = {NULL, 0}};

    TAKE(map, {"p", &i.protocol}, {"n", &i.name}, {"h", &i.host},
         {"o", &i.organisation}, {"r", &i.role}, {"g", &i.groups}, {"m", &i.moninfo},
         {"R", &i.release}, {"x", &i.executable}, {"y", &i.client_info},
         {"I", &i.ip_version});
    *ret_info = i;
}

void
xrdmon_token_info(const struct xrdmon_map *map, struct xrdmon_token_info *ret_info)
{
    struct xrdmon_token_info i = {.user_dictid = 0};

    TAKE(map, {"Uc", &i.user_text}, {"s", &i.subject}, {"n", &i.username},
         {"o", &i.organisation}, {"r", &i.role}, {"g", &i.groups});
    i.user_dictid = (uint32_t)xm_text_i64(i.user_text);
    *ret_info = i;
}

void
xrdmon_experiment_info(const struct xrdmon_map *map,
                       struct xrdmon_experiment_info *ret_info)
{
    struct xrdmon_experiment_info i = {.user_dictid = 0};

    TAKE(map, {"Uc", &i.user_text}, {"Ec", &i.experiment_text},
         {"Ac", &i.activity_text});
    i.user_dictid = (uint32_t)xm_text_i64(i.user_text); /* printed signed before 6.0 */
    i.experiment = xm_text_i64(i.experiment_text);
    i.activity = xm_text_i64(i.activity_text);
    *ret_info = i;
}

void
xrdmon_transfer_info(const struct xrdmon_map *map,
                     struct xrdmon_transfer_info *ret_info)
{
    struct xrdmon_transfer_info i = {.status = 0};
    struct xrdmon_text tod = {0}, sz = {0}, qt = {0}, tm = {0}, rc = {0};

    TAKE(map, {"tod", &tod}, {"sz", &sz}, {"qt", &qt}, {"tm", &tm},
         {"op", &i.operation}, {"rc", &rc}, {"pd", &i.detail});
    i.end_unix_s = xm_text_i64(tod);
    i.size_bytes = xm_text_i64(sz);
    i.queued_s = xm_text_i64(qt);
    i.took_s = xm_text_i64(tm);
    i.status = xm_text_i64(rc);
    *ret_info = i;
}

void
xrdmon_purge_info(const struct xrdmon_map *map, struct xrdmon_purge_info *ret_info)
{
    struct xrdmon_purge_info i = {.time_unix_s = 0};
    struct xrdmon_text tod = {0}, sz = {0}, at = {0}, ct = {0}, mt = {0};

    TAKE(map, {"tod", &tod}, {"sz", &sz}, {"at", &at}, {"ct", &ct}, {"mt", &mt},
         {"fn", &i.name_kind});
    i.time_unix_s = xm_text_i64(tod);
    i.size_bytes = xm_text_i64(sz);
    i.access_unix_s = xm_text_i64(at);
    i.create_unix_s = xm_text_i64(ct);
    i.mod_unix_s = xm_text_i64(mt);
    *ret_info = i;
}
