package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.jspecify.annotations.Nullable;

/**
 * What a device's requests without PASID may reach, whatever frames are behind it: neighbouring
 * pages of one size and one kind of rights are one run.
 *
 * @param present an entry lets the requests in at all
 * @param runs by ascending address
 */
public record TableShape(boolean present, List<Run> runs) {

  /** A run of pages: {@code size} bytes from {@code iova}, such as {@code rw} and {@code 4K}. */
  public record Run(long iova, long size, String rights, String page) {

    private boolean joins(Run next) {
      return iova + size == next.iova && rights.equals(next.rights) && page.equals(next.page);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "0x%x+0x%x %s in %s", iova, size, rights, page);
    }
  }

  /** Copies the runs. */
  public TableShape {
    runs = List.copyOf(runs);
  }

  /** The shape of a device's tables. */
  public static TableShape of(TableBrowser tables, SourceId device) {
    Optional<ContextNode> context = tables.context(device).filter(ContextNode::present);
    if (context.isEmpty()) {
      return new TableShape(false, List.of());
    }
    return switch (context.get()) {
      case ContextNode.Legacy legacy -> new TableShape(true, runs(tables, legacy.table()));
      case ContextNode.Scalable scalable -> {
        for (PasidNode entry : tables.pasids(scalable)) {
          if (entry.pasid().equals(scalable.ridPasid()) && entry.present()) {
            yield new TableShape(true, runs(tables, entry.secondStage().or(entry::firstStage)));
          }
        }
        yield new TableShape(false, List.of());
      }
    };
  }

  private static List<Run> runs(TableBrowser tables, Optional<TableKey> key) {
    var runs = new ArrayList<Run>();
    if (key.isPresent()) {
      for (MappedRange range : tables.table(key.get()).ranges()) {
        var run = new Run(range.iova(), range.size(), range.rights().toString(), range.pageName());
        Run before = runs.isEmpty() ? null : runs.getLast();
        if (before != null && before.joins(run)) {
          runs.removeLast();
          run = new Run(before.iova(), before.size() + run.size(), run.rights(), run.page());
        }
        runs.add(run);
      }
    }
    return runs;
  }

  /** How another shape differs from this one, in words; null if it does not. */
  public @Nullable String difference(TableShape other) {
    if (present != other.present) {
      return present ? "it is let in there, not here" : "it is let in here, not there";
    }
    for (Run run : runs) {
      if (!other.runs.contains(run)) {
        return "there is " + run + " there, not here";
      }
    }
    for (Run run : other.runs) {
      if (!runs.contains(run)) {
        return "there is " + run + " here, not there";
      }
    }
    return null;
  }
}
