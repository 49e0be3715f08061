package org.iommulab.ui.record;

import java.util.List;
import org.iommulab.lab.Laboratory;

/** The commands in effect as lines of JSON. */
final class SessionText {

  private SessionText() {}

  static List<String> of(Laboratory lab) {
    return lab.toScript("session").toText().lines().toList();
  }
}
