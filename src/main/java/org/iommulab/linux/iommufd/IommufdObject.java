package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;

/** An object with an id in an iommufd context ({@code struct iommufd_object}). */
abstract class IommufdObject {

  private final IommufdContext context;
  private final int id;
  private final List<String> holders = new ArrayList<>();

  IommufdObject(IommufdContext context, int id) {
    this.context = context;
    this.id = id;
  }

  final IommufdContext context() {
    return context;
  }

  final int id() {
    return id;
  }

  /** Long-lived references; 1 means that only the table holds it. */
  final int users() {
    return 1 + holders.size();
  }

  /** Who holds the references beside the table. */
  final List<String> holders() {
    return List.copyOf(holders);
  }

  /** Takes a reference in somebody's name. */
  final void hold(String who) {
    holders.add(who);
  }

  /** Gives a reference back. */
  final void letGo(String who) {
    if (!holders.remove(who)) {
      throw new IllegalStateException(name() + " was not held by " + who);
    }
  }

  /** The kernel's name of its type, without prefix. */
  abstract String type();

  /** Takes it apart; it has left the table already. */
  abstract void destroy();

  /** Facts worth showing, {@code name: value}. */
  List<String> facts() {
    return List.of();
  }

  final String name() {
    return type() + " " + id;
  }
}
