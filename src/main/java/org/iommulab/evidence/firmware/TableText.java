package org.iommulab.evidence.firmware;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A firmware table read from a text.
 *
 * @param form what the text was: {@code acpidump}, {@code iasl listing}, {@code hex dump}
 * @param bytes the table
 * @param notes what was odd, each one sentence
 */
@SuppressWarnings("ArrayRecordComponent")
public record TableText(String form, byte[] bytes, List<String> notes) {

  private static final String SIGNATURE = "DMAR";
  private static final int HEADER = 36;

  public TableText {
    notes = List.copyOf(notes);
  }

  /**
   * Finds the DMAR table in a text of any of these forms; empty if there is none. A listing's raw
   * data count before its fields.
   */
  public static Optional<TableText> find(String text) {
    List<String> lines = text.lines().toList();
    Optional<TableText> dump = HexDump.find(lines, SIGNATURE);
    return dump.isPresent() ? dump : Listing.read(lines, SIGNATURE);
  }

  static List<String> checked(byte[] bytes, List<String> notes) {
    var all = new ArrayList<String>(notes);
    if (bytes.length >= HEADER) {
      long length = word(bytes);
      if (length > bytes.length) {
        all.add(
            "The table says it has "
                + length
                + " bytes, the text holds "
                + bytes.length
                + " of them: it was cut.");
      }
    }
    return all;
  }

  static long word(byte[] bytes) {
    return bytes[4] & 0xFF
        | (bytes[5] & 0xFF) << 8
        | (bytes[6] & 0xFF) << 16
        | (bytes[7] & 0xFFL) << 24;
  }
}
