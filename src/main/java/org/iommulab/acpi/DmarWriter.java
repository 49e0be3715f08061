package org.iommulab.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the binary form. */
final class DmarWriter {

  private final ByteBuffer out;

  private DmarWriter(int length) {
    out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] write(Dmar dmar) {
    int length = Dmar.HEADER_BYTES;
    for (DmarStructure structure : dmar.structures()) {
      length += structure.length();
    }
    var writer = new DmarWriter(length);
    writer.header(dmar, length);
    dmar.structures().forEach(writer::structure);
    return writer.sealed();
  }

  private void header(Dmar dmar, int length) {
    text("DMAR", 4);
    DmarHeader header = dmar.header();
    out.putInt(length).put((byte) header.revision()).put((byte) 0);
    text(header.oemId(), 6);
    text(header.oemTableId(), 8);
    out.putInt(header.oemRevision());
    text(header.creatorId(), 4);
    out.putInt(header.creatorRevision());
    out.put((byte) (dmar.hostAddressWidth() - 1)).put((byte) dmar.flags());
    out.position(Dmar.HEADER_BYTES);
  }

  private byte[] sealed() {
    byte[] bytes = out.array();
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    bytes[9] = (byte) -sum;
    return bytes;
  }

  private void structure(DmarStructure structure) {
    out.putShort((short) structure.type()).putShort((short) structure.length());
    switch (structure) {
      case DmarStructure.Drhd drhd ->
          flagged(drhd.flags(), drhd.size(), drhd.segment()).putLong(drhd.base());
      case DmarStructure.Rmrr rmrr ->
          flagged(0, 0, rmrr.segment()).putLong(rmrr.base()).putLong(rmrr.limit());
      case DmarStructure.Atsr atsr -> flagged(atsr.flags(), 0, atsr.segment());
      case DmarStructure.Rhsa rhsa ->
          out.putInt(0).putLong(rhsa.base()).putInt(rhsa.proximityDomain());
      case DmarStructure.Andd andd -> {
        out.put((byte) 0).putShort((short) 0).put((byte) andd.deviceNumber());
        text(andd.objectName(), andd.objectName().length() + 1 + andd.padding());
      }
      case DmarStructure.Satc satc -> flagged(satc.flags(), 0, satc.segment());
      case DmarStructure.Sidp sidp -> flagged(0, 0, sidp.segment());
      case DmarStructure.Unknown unknown -> out.put(unknown.body());
    }
    scopes(structure.scopes());
  }

  private ByteBuffer flagged(int flags, int second, int segment) {
    return out.put((byte) flags).put((byte) second).putShort((short) segment);
  }

  private void scopes(List<DeviceScope> scopes) {
    for (DeviceScope scope : scopes) {
      out.put((byte) scope.type()).put((byte) scope.length());
      out.put((byte) scope.flags()).put((byte) 0);
      out.put((byte) scope.enumerationId()).put((byte) scope.startBus());
      for (DeviceScope.Step step : scope.path()) {
        out.put((byte) step.device()).put((byte) step.function());
      }
    }
  }

  /** Puts a text into a field of fixed size, padded with zeros. */
  private void text(String text, int size) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < size; i++) {
      out.put(i < bytes.length ? bytes[i] : 0);
    }
  }
}
