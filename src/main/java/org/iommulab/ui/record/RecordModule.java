package org.iommulab.ui.record;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;

/** Ids and recorded tests. */
public final class RecordModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(RecordActions.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(RecordActions.class);
  }
}
