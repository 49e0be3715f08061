package org.iommulab.ui.action;

import java.util.List;

/** A part of the window that offers actions; registered in a Guice set. */
public interface ActionSource {

  /** Its actions, made once. */
  List<Action> actions();
}
