package org.iommulab.ui.view.memory;

import java.util.List;
import org.iommulab.ui.Role;
import org.jspecify.annotations.Nullable;

/**
 * 32 bytes of memory.
 *
 * @param address of the first one
 * @param quadwords four
 * @param roles their colours; null for the ordinary one
 */
record MemoryRow(long address, List<Long> quadwords, List<Paint> roles) {

  MemoryRow {
    quadwords = List.copyOf(quadwords);
    roles = List.copyOf(roles);
  }

  /** What a quadword is. */
  enum Paint {
    /** Zero. */
    ZERO(Role.MUTED),
    /** Bytes that belong to no table. */
    DATA(null),
    /** An entry that points to a table. */
    POINTER(Role.ACCENT),
    /** An entry that maps a page. */
    PAGE(Role.OK),
    /** Changed by the last command. */
    CHANGED(Role.CHANGED);

    private final @Nullable Role role;

    Paint(@Nullable Role role) {
      this.role = role;
    }

    @Nullable Role role() {
      return role;
    }
  }

  /** The bytes as printable characters, others as dots. */
  String characters() {
    var text = new StringBuilder();
    for (long quadword : quadwords) {
      for (int shift = 0; shift < 64; shift += 8) {
        int c = (int) (quadword >>> shift) & 0xFF;
        text.append(c >= 0x20 && c < 0x7F ? (char) c : '·');
      }
    }
    return text.toString();
  }
}
