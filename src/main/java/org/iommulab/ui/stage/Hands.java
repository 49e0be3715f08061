package org.iommulab.ui.stage;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.SimpleIntegerProperty;

/** How many hands of a class went up for each option. */
final class Hands {

  /** More people do not fit into a lecture hall. */
  static final int MOST = 9999;

  private final List<IntegerProperty> counts = new ArrayList<>();

  Hands(int options) {
    for (int i = 0; i < options; i++) {
      counts.add(new SimpleIntegerProperty(0));
    }
  }

  List<IntegerProperty> counts() {
    return counts;
  }

  /** The share of an option, 0 to 1. */
  double share(int option) {
    int all = counts.stream().mapToInt(IntegerProperty::get).sum();
    return all == 0 ? 0 : (double) counts.get(option).get() / all;
  }
}
