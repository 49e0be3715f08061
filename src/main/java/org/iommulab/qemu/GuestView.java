package org.iommulab.qemu;

import java.util.List;

/**
 * A guest at one moment.
 *
 * @param ram bytes of RAM
 * @param viommu it has a VT-d unit of its own
 * @param translating that unit translates
 * @param sections its physical address space
 * @param devices what is assigned to it
 * @param log its kernel's log, empty before it booted
 */
public record GuestView(
    long ram,
    boolean viommu,
    boolean translating,
    List<MemorySection> sections,
    List<Device> devices,
    List<String> log) {

  /**
   * An assigned device.
   *
   * @param name requester id in the guest
   * @param shadowed it sees the guest's memory through the guest's own table
   * @param mapped bytes of guest memory mapped one to one
   * @param shadow what the host was told of the guest's table, by IOVA
   * @param maps map notifications so far
   * @param unmaps unmap notifications so far
   */
  public record Device(
      String name, boolean shadowed, long mapped, List<Shadow> shadow, long maps, long unmaps) {
    public Device {
      shadow = List.copyOf(shadow);
    }
  }

  /**
   * A leaf of a guest's table.
   *
   * @param iova first address the device uses
   * @param size bytes
   * @param guestPhysical where the guest thinks it is
   * @param writable the device may write
   */
  public record Shadow(long iova, long size, long guestPhysical, boolean writable) {
    /** First address behind it. */
    public long end() {
      return iova + size;
    }
  }

  public GuestView {
    sections = List.copyOf(sections);
    devices = List.copyOf(devices);
    log = List.copyOf(log);
  }
}
