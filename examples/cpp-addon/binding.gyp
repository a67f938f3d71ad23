{
  "targets": [
    {
      "target_name": "primes",
      "sources": ["addon.cc"],
      "include_dirs": ["<!(node -p \"require('heddle').include\")"],
      "dependencies": ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      "defines": ["NAPI_VERSION=8"]
    }
  ]
}
