package org.iommulab.linux;

import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.Walker;

/**
 * Which kernel to boot and how.
 *
 * @param cmdline the kernel command line
 * @param walker who writes page tables
 * @param era the kernel's age
 * @param container who serves {@code /dev/vfio/vfio}
 * @param tables physical address from which the kernel takes page frames for tables, 0 for its own
 *     choice
 */
public record BootOptions(
    String cmdline, Walker walker, Era era, VfioContainer container, long tables) {

  /** Kconfig choice behind {@code /dev/vfio/vfio}. */
  public enum VfioContainer {
    /** {@code CONFIG_IOMMUFD_VFIO_CONTAINER}: iommufd's compatibility layer. */
    IOMMUFD,
    /** The classic {@code vfio_iommu_type1} driver. */
    TYPE1
  }

  /** A kernel 6.18 with the classic walker and iommufd's VFIO container. */
  public static BootOptions of(String cmdline) {
    return new BootOptions(cmdline, Walker.CLASSIC, Era.V6_18, VfioContainer.IOMMUFD, 0);
  }

  /** The same with another walker. */
  public BootOptions withWalker(Walker other) {
    return new BootOptions(cmdline, other, era, container, tables);
  }

  /** The same kernel at another age. */
  public BootOptions withEra(Era other) {
    return new BootOptions(cmdline, walker, other, container, tables);
  }

  /** The same with another VFIO container. */
  public BootOptions withContainer(VfioContainer other) {
    return new BootOptions(cmdline, walker, era, other, tables);
  }

  /** The same with table frames taken from this physical address upwards. */
  public BootOptions withTables(long address) {
    return new BootOptions(cmdline, walker, era, container, address);
  }
}
