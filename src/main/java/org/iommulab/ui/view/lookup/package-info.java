/**
 * Finds things in the tables for several panes: who uses a tree, where an entry stands in it, which
 * addresses lead to a frame. Runs on the laboratory's thread. May import the floors below.
 */
package org.iommulab.ui.view.lookup;
