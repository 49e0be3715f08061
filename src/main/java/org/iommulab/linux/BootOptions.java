package org.iommulab.linux;

import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.boot.choice.Kconfig;

/**
 * Which kernel to boot and how.
 *
 * @param cmdline the kernel command line
 * @param walker who writes page tables
 * @param era the kernel's age
 * @param container who serves {@code /dev/vfio/vfio}
 * @param tables physical address from which the kernel takes page frames for tables, 0 for its own
 *     choice
 * @param kconfig how the kernel was configured
 * @param launch how the machine was started
 * @param until the stage to stop at; {@link Kernel#continueBoot} goes on
 * @param unsafeInterrupts VFIO and iommufd are loaded with {@code allow_unsafe_interrupts}, unless
 *     the command line says otherwise
 */
public record BootOptions(
    String cmdline,
    Walker walker,
    Era era,
    VfioContainer container,
    long tables,
    Kconfig kconfig,
    Launch launch,
    BootStage until,
    boolean unsafeInterrupts) {

  /** Kconfig choice behind {@code /dev/vfio/vfio}. */
  public enum VfioContainer {
    /** {@code CONFIG_IOMMUFD_VFIO_CONTAINER}: iommufd's compatibility layer. */
    IOMMUFD,
    /** The classic {@code vfio_iommu_type1} driver. */
    TYPE1
  }

  /**
   * What the machine is like when the kernel starts, apart from its tables.
   *
   * @param tboot the kernel was launched by tboot
   * @param memoryEncryption memory is encrypted, so devices need buffers that are not
   * @param cpus possible CPUs
   * @param shadowOnFlush somebody shadows the tables, as under a VMM of s390: flushing is expensive
   */
  public record Launch(boolean tboot, boolean memoryEncryption, int cpus, boolean shadowOnFlush) {
    /** No trusted launch, plain memory, two CPUs, tables that nobody shadows. */
    public static final Launch PLAIN = new Launch(false, false, 2, false);
  }

  /** A kernel 6.18 with the classic walker and iommufd's VFIO container. */
  public static BootOptions of(String cmdline) {
    return new BootOptions(
        cmdline,
        Walker.CLASSIC,
        Era.V6_18,
        VfioContainer.IOMMUFD,
        0,
        Kconfig.DEFAULT,
        Launch.PLAIN,
        BootStage.PCI_IOMMU_INIT,
        false);
  }

  /** The same with another walker. */
  public BootOptions withWalker(Walker other) {
    return new BootOptions(
        cmdline, other, era, container, tables, kconfig, launch, until, unsafeInterrupts);
  }

  /** The same kernel at another age. */
  public BootOptions withEra(Era other) {
    return new BootOptions(
        cmdline, walker, other, container, tables, kconfig, launch, until, unsafeInterrupts);
  }

  /** The same with another VFIO container. */
  public BootOptions withContainer(VfioContainer other) {
    return new BootOptions(
        cmdline, walker, era, other, tables, kconfig, launch, until, unsafeInterrupts);
  }

  /** The same kernel configured otherwise. */
  public BootOptions withKconfig(Kconfig other) {
    return new BootOptions(
        cmdline, walker, era, container, tables, other, launch, until, unsafeInterrupts);
  }

  /** The same on a machine that was started otherwise. */
  public BootOptions withLaunch(Launch other) {
    return new BootOptions(
        cmdline, walker, era, container, tables, kconfig, other, until, unsafeInterrupts);
  }

  /** The same, stopping after a stage. */
  public BootOptions withUntil(BootStage stage) {
    return new BootOptions(
        cmdline, walker, era, container, tables, kconfig, launch, stage, unsafeInterrupts);
  }

  /** The same with modules that serve devices whose interrupts are not remapped. */
  public BootOptions withUnsafeInterrupts() {
    return new BootOptions(cmdline, walker, era, container, tables, kconfig, launch, until, true);
  }
}
