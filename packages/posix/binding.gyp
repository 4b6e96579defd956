{
  "targets": [
    {
      "target_name": "posix",
      "sources": [
        "native/addon.c",
        "native/address.c",
        "native/datagram.c",
        "native/fifo.c",
        "native/peers.c",
        "native/receive.c",
        "native/segments.c",
        "native/send.c",
        "native/shared.c",
        "native/sockets.c"
      ],
      "defines": ["NAPI_VERSION=8", "_GNU_SOURCE"],
      "cflags": ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"],
      "xcode_settings": {
        "GCC_C_LANGUAGE_STANDARD": "gnu11",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "WARNING_CFLAGS": ["-Wall", "-Wextra", "-Werror"]
      }
    }
  ]
}
