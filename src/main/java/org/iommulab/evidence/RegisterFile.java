package org.iommulab.evidence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.debugfs.Block;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.RegisterValues;

/**
 * A dump of a unit's registers: the bytes of its window, the text of QEMU's {@code xp} command, or
 * the kernel's {@code iommu_regset}.
 *
 * @param values the registers
 * @param base physical address of the window, if the dump says it
 * @param unit the kernel's name of the unit, if the dump says it
 */
record RegisterFile(RegisterValues values, Optional<Long> base, Optional<String> unit) {

  private static final int SMALLEST = 0x100;
  private static final int LARGEST = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("([0-9a-fA-F]+):((?:\\s+0x[0-9a-fA-F]+)+)\\s*");

  private static final Pattern BASE_IN_NAME =
      Pattern.compile(".*?-(?:0x)?([0-9a-fA-F]{5,16})\\.\\w+");

  /** The registers in a file: of one unit, or of each unit in a text of the kernel. */
  static List<RegisterFile> open(Path path) throws Unreadable {
    FileBytes file = FileBytes.open(path);
    if (file.size() > LARGEST) {
      throw new Unreadable(
          "%s has %d bytes, too many for a register dump: expected is a window of a few KiB.",
          path, file.size());
    }
    byte[] bytes = file.array(0, (int) file.size());
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (LINE.matcher(text.lines().findFirst().orElse("")).matches()) {
      return List.of(text(path, text));
    }
    if (text.startsWith("IOMMU")) {
      return debugfs(path, text);
    }
    if (bytes.length < SMALLEST) {
      throw new Unreadable(
          "%s has %d bytes; a register dump has at least %d, from offset 0 of the unit.",
          path, bytes.length, SMALLEST);
    }
    RegisterValues values = check(path, RegisterValues.of(bytes));
    return List.of(new RegisterFile(values, baseInName(path), Optional.empty()));
  }

  /** Such as that of {@code vtd-registers-fed91000.bin}. */
  private static Optional<Long> baseInName(Path path) {
    Matcher matcher = BASE_IN_NAME.matcher(String.valueOf(path.getFileName()));
    return matcher.matches()
        ? Optional.of(Long.parseUnsignedLong(matcher.group(1), 16))
        : Optional.empty();
  }

  /** The kernel's own list. */
  private static List<RegisterFile> debugfs(Path path, String text) throws Unreadable {
    var units = new ArrayList<RegisterFile>();
    if (DebugfsFile.read(text) instanceof DebugfsFile file) {
      for (Block block : file.blocks()) {
        if (block instanceof Block.Registers unit) {
          RegisterValues values = check(path, RegisterValues.of(window(unit)));
          units.add(new RegisterFile(values, Optional.of(unit.base()), Optional.of(unit.unit())));
        }
      }
    }
    if (units.isEmpty()) {
      throw new Unreadable("%s is no iommu_regset text of the kernel.", path);
    }
    return units;
  }

  /** A page that is a register window. */
  static RegisterValues of(long... page) {
    ByteBuffer window =
        ByteBuffer.allocate(page.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    window.asLongBuffer().put(page);
    return RegisterValues.of(window.array());
  }

  /** The window that a text describes. */
  static byte[] window(Block.Registers unit) {
    ByteBuffer window =
        ByteBuffer.allocate(RegisterValues.WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Block.Registers.Row row : unit.rows()) {
      if (row.offset() >= 0 && row.offset() <= window.capacity() - 8) {
        put(window, row);
      }
    }
    return window.array();
  }

  /** Registers of 32 bits are printed with 64: only their own bytes may be stored. */
  private static void put(ByteBuffer window, Block.Registers.Row row) {
    boolean isShort =
        RegisterLayouts.all().stream()
            .anyMatch(register -> register.name().equals(row.name()) && register.bytes() == 4);
    if (isShort) {
      window.putInt(row.offset(), (int) row.value());
    } else {
      window.putLong(row.offset(), row.value());
    }
  }

  private static RegisterFile text(Path path, String text) throws Unreadable {
    ByteBuffer window =
        ByteBuffer.allocate(RegisterValues.WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long base = -1;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = LINE.matcher(line);
      if (line.isBlank()) {
        continue;
      }
      if (!matcher.matches() || matcher.group(1).length() > 16) {
        throw new Unreadable(
            "Line %d of %s is not an address with values, as \"xp /70gx 0xfed90000\" prints them.",
            number, path);
      }
      long address = Long.parseUnsignedLong(matcher.group(1), 16);
      base = base < 0 ? address : base;
      long offset = address - base;
      for (String word : matcher.group(2).strip().split("\\s+")) {
        offset = put(window, offset, word.substring(2), path, number);
      }
    }
    RegisterValues values = check(path, RegisterValues.of(window.array()));
    return new RegisterFile(values, Optional.of(base), Optional.empty());
  }

  private static long put(ByteBuffer window, long offset, String digits, Path path, int line)
      throws Unreadable {
    int bytes = digits.length() / 2;
    boolean known = digits.length() % 2 == 0 && bytes <= 8 && Integer.bitCount(bytes) == 1;
    if (!known || offset < 0 || offset > window.capacity() - bytes) {
      throw new Unreadable(
          "Line %d of %s holds 0x%s at offset 0x%x, which is no register value.",
          line, path, digits, offset);
    }
    long value = Long.parseUnsignedLong(digits, 16);
    for (int i = 0; i < bytes; i++) {
      window.put((int) offset + i, (byte) (value >>> 8 * i));
    }
    return offset + bytes;
  }

  private static RegisterValues check(Path path, RegisterValues values) throws Unreadable {
    if (!looksReal(values)) {
      throw new Unreadable(
          "%s does not hold VT-d registers: VER is 0x%x and CAP 0x%x; dump the unit's window from"
              + " its offset 0.",
          path, values.version(), values.cap());
    }
    return values;
  }

  /** Version 0 or all ones do not exist, neither does a unit without capabilities. */
  static boolean looksReal(RegisterValues values) {
    return values.version() != 0 && values.version() >>> 8 == 0 && values.cap() != 0;
  }
}
