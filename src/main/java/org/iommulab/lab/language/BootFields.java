package org.iommulab.lab.language;

import java.util.List;
import org.iommulab.linux.boot.BootStage;

/** The keys of a boot line, and of a line that gives a process memory. */
public final class BootFields {

  /** The keys of {@code kconfig}. */
  public static final List<Field> KCONFIG =
      List.of(
          flag("INTEL_IOMMU"),
          flag("INTEL_IOMMU_DEFAULT_ON"),
          flag("INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON"),
          flag("IOMMU_DEFAULT_PASSTHROUGH"),
          flag("IOMMU_DEFAULT_DMA_STRICT"),
          flag("SWIOTLB_DYNAMIC"),
          flag("IOMMUFD_VFIO_CONTAINER"));

  /** The keys of one of the {@code rmrr}. */
  public static final List<Field> RMRR =
      List.of(
          Field.of("base", Kind.EXPRESSION),
          Field.of("limit", Kind.EXPRESSION),
          Field.of("devices", Kind.TEXTS).optional(),
          flag("reserved"));

  /** The keys of one of the {@code bars}. */
  public static final List<Field> BAR =
      List.of(Field.of("device", Kind.DEVICE), Field.of("bytes", Kind.EXPRESSION));

  /** The keys of one {@code hole}. */
  public static final List<Field> HOLE =
      List.of(Field.of("offset", Kind.EXPRESSION), Field.of("len", Kind.EXPRESSION));

  /** The keys of one run of {@code frames}. */
  public static final List<Field> FRAMES =
      List.of(Field.of("first", Kind.EXPRESSION), Field.of("count", Kind.EXPRESSION).optional());

  /** The keys of {@code firmware}. */
  public static final List<Field> FIRMWARE =
      List.of(
          flag("vtd"),
          flag("x2apic"),
          flag("platform_opt_in"),
          Field.of("external", Kind.TEXTS).optional(),
          Field.of("no_reset", Kind.TEXTS).optional(),
          Field.object("rmrr", Kind.OBJECTS, RMRR).optional(),
          Field.object("bars", Kind.OBJECTS, BAR).optional(),
          flag("tboot"),
          flag("memory_encryption"),
          Field.of("cpus", Kind.EXPRESSION).between(1, 64).optional(),
          flag("shadow_on_flush"));

  /** The keys of {@code linux.boot} beside the command line. */
  public static final List<Field> BOOT =
      List.of(
          Field.object("kconfig", Kind.OBJECT, KCONFIG).optional().note("see below"),
          Field.object("firmware", Kind.OBJECT, FIRMWARE).optional().note("see below"),
          Field.choice("until", BootStage.functions().toArray()).optional().note("see below"));

  /** The keys of {@code user.alloc} beside name and length. */
  public static final List<Field> USER_ALLOC =
      List.of(
          Field.choice("hugepage", true, false, "2M", "1G").optional(),
          flag("readonly"),
          flag("scattered"),
          flag("lazy").note("page frames come when a page is first touched"),
          Field.of("at", Kind.EXPRESSION).optional(),
          Field.object("hole", Kind.OBJECTS, HOLE).optional().note("`{\"offset\":…,\"len\":…}`"),
          Field.object("frames", Kind.OBJECTS, FRAMES)
              .optional()
              .note("`{\"first\":…,\"count\":…}`"));

  private BootFields() {}

  private static Field flag(String name) {
    return Field.of(name, Kind.FLAG).optional();
  }
}
