package org.iommulab.ui.view;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;

/** Registers the panes that show a laboratory. */
public final class ViewsModule extends AbstractModule {

  @Override
  protected void configure() {
    Multibinder.newSetBinder(binder(), LabPane.class);
  }
}
