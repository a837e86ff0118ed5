// A list of lines for libcurl (headers and the like), which must outlive the transfer it is set on.
#pragma once

#include <new>
#include <string>

#include <curl/curl.h>

namespace selfheal {

class CurlList {
 public:
  CurlList() = default;
  ~CurlList() { clear(); }
  CurlList(const CurlList&) = delete;
  CurlList& operator=(const CurlList&) = delete;

  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list_, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list_ = longer;
  }
  void clear() {
    curl_slist_free_all(list_);
    list_ = nullptr;
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace selfheal
