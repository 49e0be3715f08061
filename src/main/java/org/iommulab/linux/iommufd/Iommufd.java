package org.iommulab.linux.iommufd;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommufd.pages.AccountMode;
import org.iommulab.linux.iommufd.pages.PfnBatch;
import org.iommulab.linux.mock.MockIommu;
import org.iommulab.linux.process.FileSystem;
import org.iommulab.linux.uapi.Status;

/** The iommufd module of one kernel: opens contexts and keeps what they share. */
public final class Iommufd {

  private final KernelParts parts;
  private final IommuSubsystem iommu;
  private final MockIommu mock;
  private int openContexts;
  private boolean unsafeInterrupts;
  private long temporaryBytes = PfnBatch.MOST_BYTES;

  /**
   * @param mock serves the devices of the selftest's ioctl
   */
  public Iommufd(KernelParts parts, IommuSubsystem iommu, MockIommu mock) {
    this.parts = parts;
    this.iommu = iommu;
    this.mock = mock;
  }

  /** {@code allow_unsafe_interrupts}: devices are served although interrupts are not remapped. */
  boolean unsafeInterrupts() {
    return unsafeInterrupts;
  }

  /** Sets {@code allow_unsafe_interrupts}. */
  public void allowUnsafeInterrupts(boolean allowed) {
    unsafeInterrupts = allowed;
  }

  /**
   * Opens a context.
   *
   * @param vfioNode through {@code /dev/vfio/vfio}, which charges the process instead of the user
   */
  public FileSystem.Opened open(String path, boolean vfioNode) {
    Status memory = parts.allocate("struct iommufd_ctx");
    if (memory.failed()) {
      return new FileSystem.Opened(null, memory);
    }
    openContexts++;
    AccountMode mode = vfioNode ? AccountMode.MM : AccountMode.USER;
    return FileSystem.Opened.of(new IommufdFile(path, new IommufdContext(this, mode)));
  }

  /** Contexts opened and not yet released. */
  public int openContexts() {
    return openContexts;
  }

  void released() {
    openContexts--;
  }

  public KernelParts parts() {
    return parts;
  }

  public IommuSubsystem iommu() {
    return iommu;
  }

  MockIommu mock() {
    return mock;
  }

  /** Bytes that a batch may use for its work; the selftest makes them few. */
  public long temporaryBytes() {
    return temporaryBytes;
  }

  void setTemporaryBytes(long bytes) {
    temporaryBytes = bytes;
  }
}
