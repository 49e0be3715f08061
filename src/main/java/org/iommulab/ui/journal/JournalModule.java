package org.iommulab.ui.journal;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.view.part.LabPane;

/** The journal pane with its console. */
public final class JournalModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(JournalModel.class);
    bind(ConsoleModel.class);
    bind(JournalPane.class);
    Multibinder.newSetBinder(binder(), LabPane.class).addBinding().to(JournalPane.class);
  }
}
