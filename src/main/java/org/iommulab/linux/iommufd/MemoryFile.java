package org.iommulab.linux.iommufd;

import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;

/** A file in memory ({@code memfd}), backed by user memory of the process that made it. */
public final class MemoryFile extends OpenFile {

  private final Process owner;
  private final long address;

  /** A file that shows user memory from {@code address} on. */
  public MemoryFile(Process owner, long address) {
    super("memfd");
    this.owner = owner;
    this.address = address;
  }

  Process owner() {
    return owner;
  }

  long address() {
    return address;
  }
}
