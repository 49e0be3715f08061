package org.iommulab.ui.export;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;

/** Registers copying and saving of panes. */
public final class ExportModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(ActivePane.class);
    bind(ExportActions.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(ExportActions.class);
  }
}
