package org.iommulab.linux.boot;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiStruct;

/** The kernel's age: which of the behaviours that changed over the years it shows. */
public enum Era {
  /** Intel's own DMA API, which decides at every call whether to translate; one SWIOTLB lock. */
  V5_4("5.4"),
  /** The last kernels that drop SWIOTLB's pool once VT-d works. */
  V5_7("5.7"),
  /** DMA operations are chosen at probe; SWIOTLB stays. */
  V5_9("5.9"),
  /** Intel uses the common {@code dma-iommu}; the driver still maps one page size per call. */
  V5_12("5.12"),
  /** {@code iommu.strict} rules Intel too; bouncing always copies in. */
  V5_15("5.15"),
  /** A sync for the device copies into SWIOTLB whatever its direction; taken back in 5.18. */
  V5_17("5.17"),
  /** As 5.15 again: the last kernels with a hook table. */
  V5_18("5.18"),
  /**
   * Detection without a hook table; the last kernels with magazines of 128 and one SWIOTLB lock.
   */
  V5_19("5.19"),
  /** SWIOTLB in areas; a claimed group gets an empty table; VFIO's capabilities lie unaligned. */
  V6_1("6.1"),
  /** iommufd is new; every leaf entry carries bit 0; queued invalidations never carry IH. */
  V6_2("6.2"),
  /** Whether user addresses can be updated depends on what is in the container. */
  V6_3("6.3"),
  /**
   * Firmware's one-to-one memory is the core's matter; VFIO's capabilities lie aligned; devices
   * have nodes of their own.
   */
  V6_6("6.6"),
  /** Cache tags and batched descriptors; invalidations carry IH; leaf entries still have bit 0. */
  V6_12("6.12"),
  /** The last kernels with the driver's own page-table walker. */
  V6_18("6.18"),
  /** Page tables by {@code generic_pt}; device memory through dma-buf. */
  V6_19("6.19"),
  /** IOVAs that wrap are EOVERFLOW. */
  V7_1("7.1"),
  /** Fault lines name the segment. */
  V7_2("7.2"),
  /** Scalable mode is on by default. */
  V7_3("7.3");

  private static final Pattern RELEASE =
      Pattern.compile("^([0-9]{1,3})\\.([0-9]{1,3})(?=$|[^0-9A-Za-z]|rc)");

  private final String version;

  Era(String version) {
    this.version = version;
  }

  /** The version as people write it. */
  public String version() {
    return version;
  }

  /** The era of that version. */
  public static Optional<Era> of(String version) {
    for (Era era : values()) {
      if (era.version.equals(version)) {
        return Optional.of(era);
      }
    }
    return Optional.empty();
  }

  /**
   * The age of a kernel: the latest here that is not after it.
   *
   * @param release as {@code uname -r} tells it, such as {@code 6.1.0-56-amd64}
   */
  public static Optional<Era> notAfter(String release) {
    Matcher matcher = RELEASE.matcher(release);
    Era found = null;
    if (matcher.find()) {
      long number = number(matcher.group(1), matcher.group(2));
      for (Era era : values()) {
        String[] parts = era.version.split("\\.");
        found = number(parts[0], parts[1]) <= number ? era : found;
      }
    }
    return Optional.ofNullable(found);
  }

  private static long number(String major, String minor) {
    return Long.parseLong(major) * 1000 + Long.parseLong(minor);
  }

  /** Tells whether this age is {@code other} or a later one. */
  public boolean atLeast(Era other) {
    return compareTo(other) >= 0;
  }

  /** Leaves are always readable: bit 0 doubled as the first-stage present bit (5.12.9 to 6.14). */
  public boolean leafAlwaysReadable() {
    return atLeast(V5_12) && !atLeast(V6_18);
  }

  /**
   * A group belongs to user space from VFIO_GROUP_SET_CONTAINER on; before 5.19 nobody claims it,
   * and its default domain translates until VFIO_SET_IOMMU.
   */
  public boolean claimsGroups() {
    return atLeast(V5_19);
  }

  /** Type 1 logs what devices write (since 5.8). */
  public boolean tracksDirtyPages() {
    return atLeast(V5_9);
  }

  /** Type 1 unmaps all at once, and lets another process take its mappings over (since 5.12). */
  public boolean unmapsAll() {
    return atLeast(V5_12);
  }

  /** Kernels of this age are configured with scalable mode on where the unit has it. */
  public boolean scalableByDefault() {
    return atLeast(V7_3);
  }

  /** Large pages are known to a default domain only once a device has it. */
  public boolean mapsReservedMemorySmall() {
    return !atLeast(V6_18);
  }

  /** iommufd exists, and with it {@code /dev/iommu} (6.2). */
  public boolean hasIommufd() {
    return atLeast(V6_2);
  }

  /** A device of VFIO shows in sysfs, as {@code vfio-dev/vfioN} (6.1). */
  public boolean showsVfioDevices() {
    return atLeast(V6_1);
  }

  /** It has a node, {@code /dev/vfio/devices/vfioN} (6.6). */
  public boolean hasDeviceNodes() {
    return atLeast(V6_6);
  }

  /** The last command of iommufd, counted from {@code IOMMU_DESTROY} (0x80). */
  public UapiStruct lastIommufdCommand() {
    return atLeast(V6_18)
        ? Uapi.IOMMU_HW_QUEUE_ALLOC
        : atLeast(V6_12) ? Uapi.IOMMU_FAULT_QUEUE_ALLOC : Uapi.IOMMU_VFIO_IOAS;
  }

  /** Memory of a virtual IOMMU's driver can be mapped by the iommufd. */
  public boolean mapsIommufd() {
    return atLeast(V6_18);
  }

  /** Sizes that user space chooses for its queues and arrays have upper bounds. */
  public boolean boundsUserQueues() {
    return atLeast(V7_1);
  }

  /** The mock's page tables are those of {@code generic_pt}, in entries as large as they fit. */
  public boolean mockHasLargeEntries() {
    return atLeast(V7_1);
  }

  /** Virtual functions need the token of their physical one, which its driver sets (since 5.7). */
  public boolean virtualFunctionTokens() {
    return atLeast(V5_7);
  }

  /** Windows of a device that answers at none are taken from programs and refused (since 5.8). */
  public boolean guardsDeviceMemory() {
    return atLeast(V5_9);
  }

  /** A device is bound to an iommufd with the token of its physical function. */
  public boolean tokensWithBind() {
    return atLeast(V6_18);
  }

  /** Virtual IOMMUs exist, and with them faults of any HWPT and invalidation by either kind. */
  public boolean virtualIommus() {
    return atLeast(V6_18);
  }

  /** Queued IOTLB invalidations really carry the leaf-only hint (since 6.10). */
  public boolean sendsLeafHint() {
    return atLeast(V6_12);
  }

  /** A page-selective flush is widened until its aligned range covers all that was unmapped. */
  public boolean widensFlushes() {
    return atLeast(V5_15);
  }

  /** The container on top of iommufd answers an unmap of nothing as type 1 does: with success. */
  public boolean unmapsNothingInContainer() {
    return atLeast(V6_18);
  }

  /** Invalidations go through cache tags, aligned down to their mask, up to 16 with one wait. */
  public boolean cacheTags() {
    return atLeast(V6_12);
  }
}
