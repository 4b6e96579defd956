// What the parts of the addon share. System calls report failures as negative error numbers; what becomes of them is
// decided in TypeScript. There is no state outside of the objects that are made here: each thread of a process may load it.
#ifndef POSIX_H
#define POSIX_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

// Functions of the addon by the name that they have in JavaScript.
typedef struct {
  const char *name;
  napi_callback call;
} function;

void export_functions(napi_env env, napi_value exports, const function *functions, size_t count);

void export_addresses(napi_env env, napi_value exports);
void export_datagrams(napi_env env, napi_value exports);
void export_fifos(napi_env env, napi_value exports);
void export_shared(napi_env env, napi_value exports);
void export_sockets(napi_env env, napi_value exports);

// The arguments of a call; those that were not given are undefined.
void arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values);

int32_t int_value(napi_env env, napi_value value);
// The memory of a Uint8Array or Buffer, good until JavaScript runs again; null when it is empty. False, with a TypeError
// thrown, for anything else: other arrays count in other units.
bool byte_memory(napi_env env, napi_value value, const void **bytes, size_t *length);
napi_value number(napi_env env, int64_t value);
// A copy, as a Uint8Array.
napi_value bytes_value(napi_env env, const void *bytes, size_t length);
// 0 and above is a result, below zero is the error number that the last system call left.
napi_value result_or_errno(napi_env env, int64_t result);

// UTF-8, of ASCII in the cheapest way; what is no UTF-8 becomes U+FFFD.
napi_value text_value(napi_env env, const char *text, size_t length);

// JavaScript's form of an address: { type, path } or { type, address, port }.
napi_value address_value(napi_env env, const struct sockaddr_storage *address, socklen_t length);

#endif
