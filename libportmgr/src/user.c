/* SPDX-License-Identifier: MIT */
/* Who we are. The system comes before the environment, which a su leaves as it was. */
#include "user.h"

#include "request.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
pt_user_name(char *buf, size_t room)
{
    char names[4096];
    struct passwd entry, *found = NULL;
    const char *tries[3];

    if (getpwuid_r(getuid(), &entry, names, sizeof(names), &found) != 0)
        found = NULL;
    tries[0] = found ? found->pw_name : NULL;
    tries[1] = getenv("LOGNAME");
    tries[2] = getenv("USER");
    for (size_t i = 0; i < 3; i++) {
        if (!pt_request_name_fault(tries[i])) {
            snprintf(buf, room, "%s", tries[i]);
            return;
        }
    }
    snprintf(buf, room, "%lu", (unsigned long)getuid());
}
