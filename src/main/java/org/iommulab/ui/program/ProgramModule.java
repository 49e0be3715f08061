package org.iommulab.ui.program;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.view.part.LabPane;

/** Real programs in the window. */
public final class ProgramModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(ProgramModel.class);
    bind(ProgramActions.class);
    bind(ProgramPane.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(ProgramActions.class);
    Multibinder.newSetBinder(binder(), LabPane.class).addBinding().to(ProgramPane.class);
  }
}
