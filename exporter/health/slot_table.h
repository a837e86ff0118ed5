// Rows in slots that stay where they are, in pieces of a fixed number: adding one never moves the
// others, and a reader can take a piece at a time.
//
// [pure] A Row is default-constructible, and tells by present() whether a reader should see it.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace selfheal {

template <class Row>
class SlotTable {
 public:
  using Slot = size_t;

  Slot add(Row row) {
    if (free_.empty()) {
      if (size_ % kPiece == 0) pieces_.emplace_back(kPiece);
      free_.push_back(size_++);
    }
    const Slot slot = free_.back();
    free_.pop_back();
    at(slot) = std::move(row);
    return slot;
  }
  void remove(Slot slot) {
    at(slot) = Row{};
    free_.push_back(slot);
  }
  Row& at(Slot slot) { return pieces_[slot / kPiece][slot % kPiece]; }

  size_t size() const { return size_; }  // with those that are free
  size_t pieces() const { return pieces_.size(); }
  // Appends the present rows of one piece.
  void copy_piece(size_t piece, std::vector<Row>& rows) const {
    for (const Row& row : pieces_[piece]) {
      if (row.present()) rows.push_back(row);
    }
  }
  // The present rows of all pieces.
  std::vector<Row> copy() const {
    std::vector<Row> rows;
    rows.reserve(size_);
    for (size_t piece = 0; piece < pieces(); ++piece) copy_piece(piece, rows);
    return rows;
  }
  static constexpr size_t kPiece = 128;

 private:
  std::vector<std::vector<Row>> pieces_;
  std::vector<Slot> free_;
  size_t size_ = 0;
};

}  // namespace selfheal
