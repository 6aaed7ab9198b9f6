/* SPDX-License-Identifier: MIT */
/* Members of the configuration's objects, each of the kind that it has to be. */
#include "members.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
config_wrong(struct config *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->why, sizeof(c->why), format, args);
    va_end(args);
    return false;
}

bool
member_object(struct config *c, const cJSON *object, const char *what,
              const char *const *keys)
{
    const cJSON *one;
    uint32_t seen = 0; /* bit i: keys[i] */

    if (!cJSON_IsObject(object))
        return config_wrong(c, "%s: not an object", what);
    cJSON_ArrayForEach(one, object)
    {
        size_t i = 0;
        while (keys[i] && strcmp(keys[i], one->string) != 0)
            i++;
        if (!keys[i])
            return config_wrong(c, "%s: what is '%.80s'?", what, one->string);
        if (seen >> i & 1)
            return config_wrong(c, "%s: '%s' is there twice", what, keys[i]);
        seen |= UINT32_C(1) << i;
    }
    return true;
}

bool
member_text(struct config *c, const cJSON *object, const char *key, char **ret)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    *ret = NULL;
    if (!member)
        return true;
    if (!cJSON_IsString(member))
        return config_wrong(c, "%s: not a string", key);
    *ret = strdup(member->valuestring);
    return *ret || config_wrong(c, "no memory");
}

bool
member_words(struct config *c, const cJSON *object, const char *key, const char **ret)
{
    char *text;

    if (!member_text(c, object, key, &text))
        return false;
    *ret = text;
    return true;
}

bool
member_labels(struct config *c, const cJSON *object, char **ret)
{
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(object, "labels");

    *ret = NULL;
    if (!labels)
        return true;
    if (!cJSON_IsObject(labels))
        return config_wrong(c, "labels: not an object");
    *ret = cJSON_PrintUnformatted(labels);
    return *ret || config_wrong(c, "no memory");
}

bool
member_explanations(struct config *c, const cJSON *one, const char **ret_help,
                    const char **ret_text, const char **ret_labels)
{
    char *labels;

    if (!member_words(c, one, "help", ret_help) ||
        !member_words(c, one, "text", ret_text) || !member_labels(c, one, &labels))
        return false;
    *ret_labels = labels;
    return true;
}

bool
member_number(struct config *c, const cJSON *object, const char *key, uint32_t most,
              uint32_t otherwise, uint32_t *ret)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    double d = member ? member->valuedouble : otherwise;

    if (member &&
        (!cJSON_IsNumber(member) || !(d >= 0) || d > most || d != (double)(uint32_t)d))
        return config_wrong(c, "%s: a number from 0 to %u", key, (unsigned)most);
    *ret = (uint32_t)d;
    return true;
}

bool
member_seconds(struct config *c, const cJSON *object, const char *key,
               uint64_t otherwise, uint64_t *ret_ms)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    *ret_ms = otherwise;
    if (!member)
        return true;
    if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0.01) ||
        member->valuedouble > 1e7)
        return config_wrong(c, "%s: seconds, 0.01 or more", key);
    *ret_ms = (uint64_t)(member->valuedouble * 1000);
    return true;
}

bool
member_flag(struct config *c, const cJSON *object, const char *key, bool *ret)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    if (member && !cJSON_IsBool(member))
        return config_wrong(c, "%s: true or false", key);
    *ret = cJSON_IsTrue(member);
    return true;
}

bool
member_choice(struct config *c, const cJSON *object, const char *key,
              const char *const *words, int otherwise, int *ret)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    const char *word = cJSON_GetStringValue(member);

    *ret = otherwise;
    if (!member)
        return true;
    for (int i = 0; word && *word && words[i]; i++)
        if (strcmp(word, words[i]) == 0) {
            *ret = i;
            return true;
        }
    char known[160] = "";
    for (int i = 0, n = 0; words[i]; i++)
        if (*words[i] && n < (int)sizeof(known))
            n += snprintf(known + n, sizeof(known) - (size_t)n, "%s%s", n ? ", " : "",
                          words[i]);
    if (!word)
        return config_wrong(c, "%s: not a string, one of %s", key, known);
    return config_wrong(c, "%s: '%.40s' is none of %s", key, word, known);
}

bool
member_list(struct config *c, const cJSON *object, const char *key, size_t *ret_n,
            const cJSON **ret)
{
    *ret = cJSON_GetObjectItemCaseSensitive(object, key);
    if (*ret && !cJSON_IsArray(*ret))
        return config_wrong(c, "%s: not a list", key);
    *ret_n = (size_t)cJSON_GetArraySize(*ret);
    return true;
}

bool
config_within(struct config *c, const char *what)
{
    char why[sizeof(c->why)];

    memcpy(why, c->why, sizeof(why));
    return config_wrong(c, "'%.80s': %.150s", what, why);
}
