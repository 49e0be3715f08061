package org.iommulab.evidence.debugfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.iommulab.memory.Page;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableUse;

/** Prints page tables leaf by leaf, so many in all. */
final class PagesPrinter {

  private final Appendable target;
  private final long most;
  private final int segment;
  private final StringBuilder text = new StringBuilder();
  private long printed;

  PagesPrinter(Appendable target, long most, int segment) {
    this.target = target;
    this.most = most;
    this.segment = segment;
  }

  long printed() {
    return printed;
  }

  void print(TableUse use, PageTable table) throws IOException {
    String device = use.source().inSegment(segment).address();
    new Block.Pages(device, use.pasid().value(), use.table().root(), List.of()).printHeading(text);
    try {
      boolean complete =
          table.forEachLeaf((iova, level, path) -> row(iova, DebugfsWriter.entries(level, path)));
      if (!complete || printed >= most) {
        text.append("(tables refer to each other so often that not every page is shown)\n");
      }
      flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean row(long iova, long... entries) {
    new Block.Pages.Row(Page.number(iova), entries).print(text);
    printed++;
    if (text.length() > 1 << 16) {
      flush();
    }
    return printed < most;
  }

  private void flush() {
    try {
      target.append(text);
      text.setLength(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
