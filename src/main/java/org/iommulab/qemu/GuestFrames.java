package org.iommulab.qemu;

import org.iommulab.linux.process.ModelProcess;
import org.iommulab.memory.FrameSource;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** The frames of a guest's RAM: those of the host behind the VMM's user memory. */
final class GuestFrames implements FrameSource {

  private final ModelProcess process;
  private final GuestLayout layout;

  GuestFrames(ModelProcess process, GuestLayout layout) {
    this.process = process;
    this.layout = layout;
  }

  private long hostFrame(long pfn) {
    long vaddr = layout.vaddr(Page.address(pfn));
    return vaddr < 0 ? -1 : process.pfn(vaddr);
  }

  private PhysicalMemory host() {
    return process.memory().physical();
  }

  @Override
  public long @Nullable [] frame(long pfn) {
    long host = hostFrame(pfn);
    return host < 0 ? null : host().frame(host);
  }

  @Override
  public long @Nullable [] frameForWrite(long pfn) {
    long host = hostFrame(pfn);
    return host < 0 ? null : host().frameForWrite(host);
  }
}
