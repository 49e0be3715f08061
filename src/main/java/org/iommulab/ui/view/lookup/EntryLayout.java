package org.iommulab.ui.view.lookup;

import java.util.Locale;
import java.util.Optional;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.tables.TableKey;

/** Which layout an entry has. */
public final class EntryLayout {

  private EntryLayout() {}

  /** The layout of a paging entry; its value decides between table and page. */
  public static Layout of(TableKey.Stage stage, int level, long value) {
    return switch (stage) {
      case FIRST -> FirstStageEntry.of(level, value);
      case SECOND -> SecondStageEntry.of(level, value);
    };
  }

  /** The layout of an entry that is known by its name only, such as {@code PD[2]}. */
  public static Optional<Layout> named(String name, long value) {
    String table = name.split("[\\[ ]", 2)[0].toUpperCase(Locale.ROOT);
    return switch (table) {
      case "PT" -> Optional.of(SecondStageEntry.of(1, value));
      case "PD" -> Optional.of(SecondStageEntry.of(2, value));
      case "PDPT" -> Optional.of(SecondStageEntry.of(3, value));
      case "PML4" -> Optional.of(SecondStageEntry.of(4, value));
      case "PML5" -> Optional.of(SecondStageEntry.of(5, value));
      case "ROOT" -> Optional.of(RootEntry.LEGACY);
      case "CTX", "CONTEXT" -> Optional.of(ContextEntry.LAYOUT);
      case "QI" ->
          Optional.ofNullable(InvalidationDescriptor.of(value)).map(InvalidationDescriptor::layout);
      default -> Optional.empty();
    };
  }
}
