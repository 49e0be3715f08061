package org.iommulab.ui.form;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;

/** The forms and what opens them. */
public final class FormModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(Giver.class);
    bind(WordForms.class);
    bind(MachineActions.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(MachineActions.class);
  }
}
