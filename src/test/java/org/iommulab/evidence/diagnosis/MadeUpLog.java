package org.iommulab.evidence.diagnosis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.iommulab.evidence.log.KernelLog;

/** Reads texts that tests make up. */
final class MadeUpLog {

  private MadeUpLog() {}

  static KernelLog read(byte[] text) {
    try {
      return KernelLog.read(new ByteArrayInputStream(text), "test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KernelLog read(String... lines) {
    return read(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  /** The first cause that its reader is told. */
  static Finding answer(String... lines) {
    return Diagnosis.of(read(lines)).answer();
  }
}
