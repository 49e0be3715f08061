package org.iommulab.ui.view.calls;

import java.util.Optional;
import org.iommulab.bits.Layout;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.Selected;
import org.iommulab.ui.view.lookup.EntryLayout;

/** The first table entry that a call wrote, as something to select. */
final class WrittenEntry {

  private WrittenEntry() {}

  static Optional<Selected> of(CallFrame frame) {
    if (frame.writes().isEmpty()) {
      return Optional.empty();
    }
    CallFrame.EntryWrite write = frame.writes().getFirst();
    long value = write.after() == 0 ? write.before() : write.after();
    Optional<Layout> layout = EntryLayout.named(write.where(), value);
    return layout.map(known -> new Selected.Entry(write.address(), known, write.where()));
  }
}
