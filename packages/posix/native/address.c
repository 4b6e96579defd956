// Addresses: from JavaScript's form to the system's and back.
#include "posix.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

enum { HOST_SIZE = INET6_ADDRSTRLEN + 1 + IF_NAMESIZE };

// A UNIX path: ended by a zero byte, or by the length when it begins with one (an abstract name).
static napi_value unix_path(napi_env env, const struct sockaddr_un *address, socklen_t length) {
  size_t size = length > offsetof(struct sockaddr_un, sun_path) ? length - offsetof(struct sockaddr_un, sun_path) : 0;
  if (size > sizeof address->sun_path) size = sizeof address->sun_path;
  if (size > 0 && address->sun_path[0] != '\0') size = strnlen(address->sun_path, size);
  return text_value(env, address->sun_path, size);
}

static void set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_set_named_property(env, object, name, text_value(env, text, strlen(text)));
}

napi_value address_value(napi_env env, const struct sockaddr_storage *address, socklen_t length) {
  napi_value object;
  char host[HOST_SIZE] = "";
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  if (length > 0 && address->ss_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
    set_text(env, object, "type", "udp4");
    set_text(env, object, "address", host);
    napi_set_named_property(env, object, "port", number(env, ntohs(in->sin_port)));
  } else if (length > 0 && address->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
    inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
    if (in6->sin6_scope_id != 0) {
      char name[IF_NAMESIZE];
      size_t used = strlen(host);
      if (if_indextoname(in6->sin6_scope_id, name) != NULL) snprintf(host + used, sizeof host - used, "%%%s", name);
      else snprintf(host + used, sizeof host - used, "%%%u", in6->sin6_scope_id);
    }
    set_text(env, object, "type", "udp6");
    set_text(env, object, "address", host);
    napi_set_named_property(env, object, "port", number(env, ntohs(in6->sin6_port)));
  } else {
    // An unnamed UNIX socket has no address at all on some systems.
    set_text(env, object, "type", "unix");
    napi_set_named_property(env, object, "path", unix_path(env, (const struct sockaddr_un *)address, length));
  }
  return object;
}

// addressOf(sockaddr) -> { type, ... }
static napi_value address_of(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct sockaddr_storage address = {0};
  size_t length;
  arguments(env, info, 1, &argument);
  const void *bytes;
  // That of an unnamed UNIX socket is empty.
  if (!byte_memory(env, argument, &bytes, &length) || length > sizeof address) return NULL;
  if (length > 0) memcpy(&address, bytes, length);
  return address_value(env, &address, (socklen_t)length);
}

// unixAddress(path) -> sockaddr, or undefined when the path is too long.
static napi_value unix_address(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char path[sizeof address.sun_path + 4];
  size_t length;
  arguments(env, info, 1, &argument);
  if (napi_get_value_string_utf8(env, argument, path, sizeof path, &length) != napi_ok) return NULL;
  // A path needs the zero byte behind it, an abstract name has none.
  size_t size = length == 0 || path[0] == '\0' ? length : length + 1;
  if (size > sizeof address.sun_path) return NULL;
  memcpy(address.sun_path, path, size);
  return bytes_value(env, &address, offsetof(struct sockaddr_un, sun_path) + size);
}

static bool scope_of(const char *zone, uint32_t *scope) {
  char *end;
  *scope = if_nametoindex(zone);
  if (*scope != 0) return true;
  unsigned long index = strtoul(zone, &end, 10);
  *scope = (uint32_t)index;
  return zone[0] != '\0' && *end == '\0' && index <= UINT32_MAX;
}

// ipAddress(address, port) -> sockaddr, or undefined when it is no IP address.
static napi_value ip_address(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  char host[HOST_SIZE + 4];
  size_t length;
  arguments(env, info, 2, argument);
  if (napi_get_value_string_utf8(env, argument[0], host, sizeof host, &length) != napi_ok) return NULL;
  if (length > HOST_SIZE) return NULL;
  uint16_t port = htons((uint16_t)int_value(env, argument[1]));
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port};
  if (inet_pton(AF_INET, host, &in.sin_addr) == 1) return bytes_value(env, &in, sizeof in);
  struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};
  char *zone = strchr(host, '%');
  if (zone != NULL) {
    *zone = '\0';
    if (!scope_of(zone + 1, &in6.sin6_scope_id)) return NULL;
  }
  if (inet_pton(AF_INET6, host, &in6.sin6_addr) == 1) return bytes_value(env, &in6, sizeof in6);
  return NULL;
}

void export_addresses(napi_env env, napi_value exports) {
  static const function functions[] = {
    {"addressOf", address_of},
    {"unixAddress", unix_address},
    {"ipAddress", ip_address},
  };
  export_functions(env, exports, functions, sizeof functions / sizeof *functions);
}
