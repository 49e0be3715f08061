package org.iommulab.ui;

import java.util.OptionalLong;
import org.iommulab.lab.LabView;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;

/** Whom panes show, for tests of their queries. */
public final class Subjects {

  private Subjects() {}

  /** Whom panes show of a laboratory's present state. */
  public static Subject of(LabDouble lab) {
    return lab.ask(Subjects::of);
  }

  /** Whom panes show of a state when nothing was chosen before. */
  public static Subject of(LabView view) {
    return SubjectQuery.after(view, Subject.NONE);
  }

  /** The first address space of some tables. */
  public static Subject of(TableBrowser tables) {
    return tables.uses().stream().findFirst().map(Subjects::of).orElse(Subject.NONE);
  }

  private static Subject of(TableUse use) {
    return new Subject(
        0, use.source(), use.pasid(), use.domainId(), use.table(), OptionalLong.empty());
  }
}
