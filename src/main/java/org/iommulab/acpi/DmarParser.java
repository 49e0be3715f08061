package org.iommulab.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the binary form, trusting no length in it. */
final class DmarParser {

  private final ByteReader in;
  private final List<String> findings = new ArrayList<>();

  private DmarParser(byte[] table) {
    in = ByteReader.of(table);
  }

  static DmarReading parse(byte[] table) {
    return new DmarParser(table).read();
  }

  private DmarReading read() {
    if (in.size() < Dmar.HEADER_BYTES || !in.text(0, 4).equals("DMAR")) {
      findings.add(
          in.size() < Dmar.HEADER_BYTES
              ? String.format(
                  Locale.ROOT,
                  "The DMAR table has %d bytes, but its header alone takes 48; read the whole"
                      + " table.",
                  in.size())
              : "The table does not start with DMAR; give the binary DMAR table.");
      return new DmarReading(Optional.empty(), findings);
    }
    int length = in.i32(4);
    if (length < Dmar.HEADER_BYTES || length > in.size()) {
      findings.add(
          String.format(
              Locale.ROOT,
              "The DMAR header gives a length of %d bytes, %d are there.",
              length & 0xFFFF_FFFFL,
              in.size()));
      length = in.size();
    }
    checkSum(length);
    var structures = new ArrayList<DmarStructure>();
    for (int at = Dmar.HEADER_BYTES; at < length; ) {
      int size = length - at < 4 ? 0 : in.u16(at + 2);
      if (size < 4 || size > length - at) {
        findings.add(
            String.format(
                Locale.ROOT,
                "The structure at offset %d gives a length of %d bytes where %d are left; reading"
                    + " stops.",
                at,
                size,
                length - at));
        break;
      }
      structures.add(structure(at, size));
      at += size;
    }
    var dmar = new Dmar(header(), in.u8(36) + 1, in.u8(37), structures);
    findings.addAll(DmarCheck.findings(dmar));
    return new DmarReading(Optional.of(dmar), findings);
  }

  private DmarHeader header() {
    for (int at = 38; at < Dmar.HEADER_BYTES; at++) {
      if (in.u8(at) != 0) {
        findings.add(
            String.format(
                Locale.ROOT, "The reserved byte at offset %d of the header is not zero.", at));
        break;
      }
    }
    return new DmarHeader(
        in.u8(8), in.text(10, 6), in.text(16, 8), in.i32(24), in.text(28, 4), in.i32(32));
  }

  private void checkSum(int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += in.u8(i);
    }
    if ((sum & 0xFF) != 0) {
      findings.add(String.format(Locale.ROOT, "The DMAR checksum is wrong by %02x.", sum & 0xFF));
    }
  }

  private DmarStructure structure(int at, int size) {
    int type = in.u16(at);
    int needed = minimumLength(type);
    if (size < needed) {
      findings.add(
          String.format(
              Locale.ROOT,
              "The structure of type %d at offset %d has %d bytes and needs %d.",
              type,
              at,
              size,
              needed));
      return unknown(type, at, size);
    }
    return switch (type) {
      case 0 ->
          new DmarStructure.Drhd(
              in.u8(at + 4), in.u8(at + 5), in.u16(at + 6), in.i64(at + 8), scopes(at, 16, size));
      case 1 ->
          new DmarStructure.Rmrr(
              in.u16(at + 6), in.i64(at + 8), in.i64(at + 16), scopes(at, 24, size));
      case 2 -> new DmarStructure.Atsr(in.u8(at + 4), in.u16(at + 6), scopes(at, 8, size));
      case 3 -> new DmarStructure.Rhsa(in.i64(at + 8), in.i32(at + 16));
      case 4 -> namespaceDevice(at, size);
      case 5 -> new DmarStructure.Satc(in.u8(at + 4), in.u16(at + 6), scopes(at, 8, size));
      case 6 -> new DmarStructure.Sidp(in.u16(at + 6), scopes(at, 8, size));
      default -> {
        findings.add(
            String.format(
                Locale.ROOT,
                "The structure at offset %d has type %d, which no specification known here"
                    + " defines.",
                at,
                type));
        yield unknown(type, at, size);
      }
    };
  }

  private static int minimumLength(int type) {
    return switch (type) {
      case 0 -> 16;
      case 1 -> 24;
      case 3 -> 20;
      case 2, 4, 5, 6 -> 8;
      default -> 4;
    };
  }

  private DmarStructure unknown(int type, int at, int size) {
    byte[] body = new byte[size - 4];
    in.bytes().get(at + 4, body);
    return new DmarStructure.Unknown(type, body);
  }

  private DmarStructure namespaceDevice(int at, int size) {
    String raw = in.text(at + 8, size - 8);
    int end = raw.indexOf('\0');
    if (end < 0) {
      findings.add(
          String.format(
              Locale.ROOT, "The ANDD at offset %d has a name without a zero byte behind it.", at));
      return unknown(4, at, size);
    }
    if (!raw.substring(end).chars().allMatch(each -> each == 0)) {
      findings.add(
          String.format(
              Locale.ROOT, "The ANDD at offset %d goes on behind the end of its name.", at));
      return unknown(4, at, size);
    }
    return new DmarStructure.Andd(in.u8(at + 7), raw.substring(0, end), raw.length() - end - 1);
  }

  private List<DeviceScope> scopes(int structure, int first, int size) {
    var scopes = new ArrayList<DeviceScope>();
    int end = structure + size;
    for (int at = structure + first; at < end; ) {
      int length = end - at < 2 ? 0 : in.u8(at + 1);
      if (length < 8 || length > end - at || length % 2 != 0) {
        findings.add(
            String.format(
                Locale.ROOT,
                "The device scope at offset %d gives a length of %d bytes where %d are left; the"
                    + " rest of the structure is skipped.",
                at,
                length,
                end - at));
        break;
      }
      scopes.add(scope(at, length));
      at += length;
    }
    return scopes;
  }

  private DeviceScope scope(int at, int length) {
    var path = new ArrayList<DeviceScope.Step>();
    for (int step = at + 6; step < at + length; step += 2) {
      path.add(new DeviceScope.Step(in.u8(step), in.u8(step + 1)));
    }
    return new DeviceScope(in.u8(at), in.u8(at + 2), in.u8(at + 4), in.u8(at + 5), path);
  }
}
