package org.iommulab.evidence;

import java.nio.file.Path;

/** What came out of opening a file or folder: a snapshot, or one sentence why not. */
public sealed interface Evidence permits Snapshot, BadEvidence {

  /**
   * Opens a memory dump with its registers: an ELF64 core (also {@code .gz}) with the registers
   * inside or in a file beside it, a LiME image likewise, or a folder that holds such files.
   */
  static Evidence open(Path path) {
    return new SnapshotReader(path, null).read();
  }

  /** Looks at a machine that runs: registers at once, pages when they are asked for. */
  static Evidence of(RunningMachine machine) {
    return LiveSnapshot.of(machine);
  }

  /**
   * Opens a dump with a register dump from elsewhere. A file without a known header is taken for a
   * raw memory image: all RAM from address 0.
   */
  static Evidence open(Path memoryImage, Path registers) {
    return new SnapshotReader(memoryImage, registers).read();
  }
}
