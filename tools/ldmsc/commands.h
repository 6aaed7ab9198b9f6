/* SPDX-License-Identifier: MIT */
#ifndef COMMANDS_H
#define COMMANDS_H

/* What ldmsc does, a function each; each gives the exit code. */
#include "options.h"

int ask(const struct options *o);     /* METHOD NAME=VALUE... */
int source(const struct options *o);  /* source FILE */
int shell(const struct options *o);   /* shell */
int dump(const struct options *o);    /* dump */
int methods(const struct options *o); /* methods */
int fleet(const struct options *o);   /* METHOD NAME=VALUE... --hosts */
int serve(const struct options *o);   /* serve */

/* METHOD --help; false when there is no such method. */
bool methods_help(const char *name);

#endif
