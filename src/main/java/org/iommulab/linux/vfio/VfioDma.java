package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.process.Process;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/** One mapping of a container ({@code struct vfio_dma}). */
final class VfioDma {

  private final long iova;
  private final int prot;
  private final Process process;
  private final boolean lockCapable;
  private long userAddress;
  private boolean userAddressInvalid;
  private long size;
  private final List<AddressRange> registers = new ArrayList<>();
  private @Nullable DirtyBits dirty;

  VfioDma(Process process, long iova, long userAddress, int prot) {
    this.process = process;
    this.iova = iova;
    this.userAddress = userAddress;
    this.prot = prot;
    this.lockCapable = process.capable("CAP_IPC_LOCK");
  }

  long iova() {
    return iova;
  }

  int prot() {
    return prot;
  }

  Process process() {
    return process;
  }

  /** The caller may lock without limit. */
  boolean lockCapable() {
    return lockCapable;
  }

  long userAddress() {
    return userAddress;
  }

  /** Bytes mapped so far; it starts at zero and grows with each pinned run. */
  long size() {
    return size;
  }

  void grow(long bytes) {
    size += bytes;
  }

  /** First IOVA behind it. */
  long end() {
    return iova + size;
  }

  boolean userAddressInvalid() {
    return userAddressInvalid;
  }

  void suspendUserAddress() {
    userAddressInvalid = true;
  }

  /** The address that was taken away is good again. */
  void resumeUserAddress() {
    userAddressInvalid = false;
  }

  void setUserAddress(long address) {
    userAddress = address;
    userAddressInvalid = false;
  }

  /** Frames of a device that it maps: nobody holds a reference on them. */
  void addRegisters(long pfn, long count) {
    registers.add(AddressRange.ofSize(pfn, count));
  }

  boolean isRegisters(long pfn) {
    return registers.stream().anyMatch(range -> pfn >= range.start() && pfn < range.end());
  }

  @Nullable DirtyBits dirty() {
    return dirty;
  }

  void setDirty(@Nullable DirtyBits bits) {
    dirty = bits;
  }
}
