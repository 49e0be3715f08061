package org.iommulab.evidence;

import java.util.Locale;

/** Says what a file is that is no memory dump. */
final class UnknownFile {

  private UnknownFile() {}

  /** The rest of a sentence that begins with the file's name. */
  static String describe(String magic) {
    if (magic.startsWith("KDUMP") || magic.startsWith("DISKDUMP")) {
      return "is a compressed kdump: turn it into an ELF core with \"makedumpfile -E\" first.";
    }
    if (magic.startsWith("DMAR")) {
      return "is a DMAR table, not a memory dump: give the dump the table came from.";
    }
    if (magic.startsWith("{") || magic.startsWith("[")) {
      return "is a JSON text, not a memory dump: run scripts with \"iommu-lab run\".";
    }
    var hex = new StringBuilder();
    for (char c : magic.toCharArray()) {
      hex.append(String.format(Locale.ROOT, "%02x ", (int) c));
    }
    return "is neither an ELF core nor a LiME image (it starts with "
        + hex.toString().strip()
        + "): give a memory dump, or a raw image together with a register dump.";
  }
}
